"""The province's table with small numbers withheld (小数抑制), for whoever counts and knows nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from libs.common.small_numbers import Told, is_small, tell, tell_amount, tell_mean, tell_share, tell_sum, tell_tables
from services.console.rules.province import FIGURES, JOBS, Line, Table, add, stated

# Amounts say something of the people in the count beside them.
AMOUNTS = {"wage_sum_fen": "wage_count", "subsidies_fen": "subsidies"}
# Of what a city states, whoever its designated firms have taken in are people.
TAKEN_IN = "intake"
PEOPLE = tuple(name for name in FIGURES if name == TAKEN_IN or (name not in JOBS and name not in AMOUNTS))
# Those who are employed, counted again.
AGAIN = (("in_county", "in_province", "out_of_province", "elsewhere"), ("own_account", "assisted"))
# To a hundred yuan: with one person more or less, a mean or a sum does not give his wage away.
FEN = 10_000
Figures = dict[str, Told | None]
_Stated = Mapping[str, int | None]


def withhold_small(table: Table) -> Table:
    """Every line told, and a total that is made of what is told; firms, vacancies and places are no people."""
    numbers = [stated(line) for line in table.lines]
    told = [_tell_people(of) for of in numbers]
    lines = tuple(_retell(line, people, [of]) for line, people, of in zip(table.lines, told, numbers, strict=True))
    whole: Figures = {name: _tell_whole([people[name] for people in told]) for name in PEOPLE}
    return replace(table, lines=lines, total=_retell(table.total, whole, numbers))


def _tell_people(of: _Stated) -> Figures:
    told: Figures = {name: tell(of[name]) for name in PEOPLE}
    _, again = tell_tables(
        {"employed": of["employed"] or 0}, *({name: of[name] or 0 for name in names} for names in AGAIN)
    )
    return told if again else told | dict.fromkeys(name for names in AGAIN for name in names)


def _tell_whole(parts: Iterable[Told | None]) -> Told | None:
    known = [part for part in parts if part is not None]
    return tell_sum(known) if known else None


def _retell(line: Line, people: Figures, parts: Sequence[_Stated]) -> Line:
    amounts: Figures = {name: tell_amount(*_of_many(parts, name, count), FEN) for name, count in AMOUNTS.items()}
    figures = {**line.figures, **people, **amounts}
    employed, labourers = figures["employed"], figures["labourers"]
    share = replace(
        line.employed_share, numerator=employed, denominator=labourers, value=tell_share(employed, labourers)
    )
    wage = tell_mean(*_of_many(parts, "wage_sum_fen", "wage_count"), FEN)
    mean = replace(line.mean_wage_fen, numerator=figures["wage_sum_fen"], denominator=figures["wage_count"], value=wage)
    return replace(line, figures=figures, employed_share=share, mean_wage_fen=mean)


def _of_many(parts: Iterable[_Stated], amount: str, count: str) -> tuple[int | None, int | None]:
    """Amount and count over the parts with enough people; those of a few are in neither."""
    enough = [each for each in parts if not is_small(each[count] or 0)]
    return add([each[amount] for each in enough]), add([each[count] for each in enough])
