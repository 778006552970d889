"""Small numbers (小数抑制): how counts of people are told to whoever may not see who they are.

A count of 1 to 4 is told as `<5`, every other one to the nearest five. Sums and shares are made of what is told and of nothing
else. Where the same people are counted twice, a table that would narrow a small count down is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal, TypeVar, overload

from pydantic import Field, WithJsonSchema

THRESHOLD = 5
ROUNDED_TO = 5
SMALL: Final = "<5"
# What a small count, whatever it is, adds to a sum.
_IN_SUMS = 3

# As an enumeration of one: generated clients refuse a union with a constant when it is something else.
Told = Annotated[Literal["<5"], WithJsonSchema({"type": "string", "enum": [SMALL]})] | int
PersonCount = Annotated[
    Told,
    Field(
        description="人数 persons; `<5`: 1 to 4, not told to this role (小数抑制), and others are to the nearest five"
    ),
]
# The field of the table of rights that lets a role see counts as they are.
EXACT = "exact"
Key = TypeVar("Key")
Table = dict[Key, Told]


def is_small(count: int) -> bool:
    return 0 < count < THRESHOLD


@overload
def tell(count: int) -> Told: ...
@overload
def tell(count: int | None) -> Told | None: ...
def tell(count: int | None) -> Told | None:
    """A count as it is told; what nobody has stated stays so."""
    if count is None or not is_small(count):
        return None if count is None else _rounded(count, ROUNDED_TO)
    return SMALL


def tell_again(count: Told | None) -> Told | None:
    """A count of an answer, told or not yet."""
    return count if count == SMALL else tell(count)


def tell_sum(parts: Iterable[Told]) -> Told:
    """What told parts add up to: whoever has the parts has the sum."""
    return tell(sum(_IN_SUMS if part == SMALL else part for part in parts))


def tell_share(numerator: Told | None, denominator: Told | None) -> float | None:
    """A share of told counts, so that it says no more than they do."""
    if not isinstance(numerator, int) or not isinstance(denominator, int) or denominator == 0:
        return None
    return round(numerator / denominator, 4)


def tell_mean(amount: int | None, count: int | None, to: int) -> int | None:
    """A mean to the nearest `to`; None for a few, whose amount would be somebody's."""
    if amount is None or not count or is_small(count):
        return None
    return _rounded(round(amount / count), to)


def tell_amount(amount: int | None, count: int | None, to: int) -> int | None:
    """An amount as the told mean times the told count; None for a few."""
    told, mean = tell(count), tell_mean(amount, count, to)
    return 0 if count == 0 else mean * told if mean is not None and isinstance(told, int) else None


def span(told: Told) -> tuple[int, int]:
    """The least and the greatest count that is told so."""
    if told == SMALL:
        return 1, THRESHOLD - 1
    return (told, told) if told == 0 else (max(told - ROUNDED_TO // 2, THRESHOLD), told + ROUNDED_TO // 2)


def span_of_sum(parts: Iterable[Told]) -> tuple[int, int]:
    spans = [span(part) for part in parts]
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def tell_tables(counted: Mapping[Key, int], *more: Mapping[Key, int]) -> tuple[Table[Key], list[Table[Key]] | None]:
    """The same people by one thing, and again by others: None for those where with them a small count would follow.

    They are told all or none, by what is told alone, and none beside a small count: so that they are missing says nothing more.
    """
    first = {key: tell(count) for key, count in counted.items()}
    again = [{key: tell(count) for key, count in cells.items()} for cells in more]
    told = [list(table.values()) for table in (first, *again)]
    return first, again if SMALL not in first.values() and _stays_open(told) else None


def _stays_open(tables: list[list[Told]]) -> bool:
    """Whether each small count of these tables may still be any of 1 to 4, though all tables add up to the same."""
    sums = [span_of_sum(table) for table in tables]
    for place, table in enumerate(tables):
        others = [each for number, each in enumerate(sums) if number != place]
        if (
            SMALL in table
            and others
            and not _leaves_any(sums[place], max(low for low, _ in others), min(high for _, high in others))
        ):
            return False
    return True


def _leaves_any(own: tuple[int, int], low: int, high: int) -> bool:
    """With one small count at its least the sum may still be as great as `low`, and with it at its greatest as small as `high`."""
    (least, greatest), few = own, THRESHOLD - 2
    return greatest - few >= low and least + few <= high


def _rounded(value: int, to: int) -> int:
    return (value + to // 2) // to * to
