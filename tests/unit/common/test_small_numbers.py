"""What a small count is cannot be computed back: whatever else is told, each of 1 to 4 stays possible.

Played by an attacker who knows the rule: all facts that give the same answer are put together, and what they leave open is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.small_numbers import (
    SMALL,
    is_small,
    span,
    span_of_sum,
    tell,
    tell_amount,
    tell_mean,
    tell_share,
    tell_sum,
    tell_tables,
)
from services.console.rules.province import JOBS, Line, Table, add_up
from services.console.rules.suppression import PEOPLE, withhold_small
from services.registry.operations.identification import Identified, Township
from services.registry.schemas.identification import IdentificationShown
from services.retention.rules.rate import Rate as Retained
from services.retention.rules.rate import Standing
from services.retention.schemas.verifications import RetentionRate

COUNTS = st.integers(0, 40)
SMALLS = set(range(1, 5))
DAY = date(2017, 6, 30)
Cells = Mapping[Hashable, int]


@given(st.integers(0, 100_000))
def test_a_told_count_is_near_or_withheld_and_never_1_to_4(count: int) -> None:
    told = tell(count)
    assert (told == SMALL) == (1 <= count <= 4)
    assert told == SMALL or (told % 5 == 0 and abs(told - count) <= 2 and (told == 0) == (count == 0))
    assert span(told)[0] <= count <= span(told)[1]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8), st.data())
def test_a_sum_is_made_of_what_is_told(parts: list[int], data: st.DataObject) -> None:
    others = [data.draw(st.integers(*span(tell(part)))) for part in parts]
    assert [tell(part) for part in parts] == [tell(part) for part in others]
    assert tell_sum(map(tell, parts)) == tell_sum(map(tell, others))


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_share_is_made_of_what_is_told(numerator: int, more: int) -> None:
    part, whole = tell(numerator), tell(numerator + more)
    share = tell_share(part, whole)
    assert share is None or (
        isinstance(part, int) and isinstance(whole, int) and 0 <= share <= 1 and share == round(part / whole, 4)
    )


@given(st.integers(1, 4), st.integers(100_000, 900_000))
def test_the_wages_of_a_few_are_nowhere(count: int, wage: int) -> None:
    assert tell_mean(count * wage, count, 10_000) is None
    assert tell_amount(count * wage, count, 10_000) is None


@given(st.lists(st.integers(150_000, 900_000), min_size=5, max_size=60), st.integers(150_000, 900_000))
def test_who_comes_to_many_does_not_show_a_wage(wages: list[int], one: int) -> None:
    """The difference of two sums is a multiple of a hundred yuan times five people, and not the wage that came."""
    before, after = (tell_amount(sum(each), len(each), 10_000) for each in (wages, [*wages, one]))
    assert before is not None
    assert after is not None
    assert (after - before) % 50_000 == 0


def narrowed(facts: Iterable[tuple[Hashable, Cells]]) -> list[tuple[Hashable, Hashable, set[int]]]:
    """Of (answer, cells behind it): the small cells that an answer leaves fewer values than 1, 2, 3 and 4."""
    found: dict[tuple[Hashable, Hashable], set[int]] = defaultdict(set)
    for answer, cells in facts:
        for name, value in cells.items():
            if is_small(value):
                found[answer, name].add(value)
    assert found
    return [(*place, values) for place, values in found.items() if values != SMALLS]


def as_table(counts: tuple[int, ...]) -> dict[int, int]:
    return dict(enumerate(counts))


@pytest.mark.parametrize("whole", [1, 2])
def test_of_tables_of_the_same_people_every_small_value_stays_possible(whole: int) -> None:
    """Up to 24 people counted as a whole or in two cells, and again in three, where all that is told alike is among them."""
    by_sum: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for cells in (whole, 3):
        for counts in product(range(25), repeat=cells):
            by_sum[cells, sum(counts)].append(counts)

    def told(tables: tuple[tuple[int, ...], ...]) -> tuple[Hashable, Cells]:
        first, again = tell_tables(*map(as_table, tables))
        cells: dict[Hashable, int] = {
            (number, place): value
            for number, table in enumerate(tables if again else tables[:1])
            for place, value in enumerate(table)
        }
        return tuple(tuple(table.values()) for table in (first, *(again or []))), cells

    pairs = [(one, other) for people in range(25) for one in by_sum[whole, people] for other in by_sum[3, people]]
    assert narrowed(told(pair) for pair in pairs if span_of_sum(map(tell, pair[0]))[1] < 25) == []


def identified(townships: Iterable[tuple[int, int]], reasons: Iterable[int]) -> IdentificationShown:
    named = {str(place): Township(people, labourers) for place, (people, labourers) in enumerate(townships)}
    because = Counter({str(place): count for place, count in enumerate(reasons)})
    return IdentificationShown.told(Identified(date(2016, 12, 31), "v1", reasons=because, townships=named))


def test_identification_leaves_every_small_value_possible() -> None:
    """A township of any size with its labourers, and two reasons of those who are none: everybody has one, some have both."""

    def told(people: int, labourers: int, first: int, second: int) -> tuple[Hashable, Cells]:
        shown = identified([(people, labourers)], [first, second])
        reasons: Cells = {"first": first, "second": second} if shown.reasons else {}
        return shown.model_dump_json(), {"people": people, "labourers": labourers, **reasons}

    facts = (
        told(people, labourers, first, second)
        for people in range(23)
        for labourers in range(people + 1)
        for first in range(people - labourers + 1)
        for second in range(people - labourers - first, people - labourers + 1)
    )
    assert narrowed(facts) == []


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6), st.data())
def test_a_count_of_identification_is_made_of_what_is_told(
    townships: list[tuple[int, int]], data: st.DataObject
) -> None:
    others = [tuple(data.draw(st.integers(*span(tell(count)))) for count in each) for each in townships]
    one, other = identified(townships, []), identified(others, [])  # type: ignore[arg-type]
    assert one.model_copy(update={"reasons": None}) == other.model_copy(update={"reasons": None})


STANDINGS: tuple[Standing, ...] = ("same_employer", "other_employer", "left", "unreachable")


def test_a_retention_rate_leaves_every_small_value_possible() -> None:
    """Up to 17 people of each standing in work, and the evidence for them in two grades."""

    def told(same: int, other: int, left: int, roster: int) -> tuple[Hashable, Cells]:
        standings = dict(zip(STANDINGS, (same, other, left, 0), strict=True))
        shown = RetentionRate.told(Retained(3, DAY, standings, {"roster": roster, "unverified": same + other - roster}))
        evidence: Cells = {"roster": roster, "unverified": same + other - roster} if shown.evidence else {}
        return shown.model_dump_json(), {"same": same, "other": other, "left": left, **evidence}

    facts = (
        told(same, other, left, roster)
        for same in range(18)
        for other in range(18)
        for left in (0, 1, 2, 3, 4, 9)
        for roster in range(same + other + 1)
    )
    assert narrowed(facts) == []


def provinces(by_division: Iterable[Mapping[str, int]]) -> Table:
    lines: dict[str, Mapping[str, int]] = {str(433100 + place): figures for place, figures in enumerate(by_division)}
    none = add_up([], DAY, lines)
    return withhold_small(replace(none, lines=tuple(_line(line, lines[line.division]) for line in none.lines)))


def _line(line: Line, figures: Mapping[str, int]) -> Line:
    return replace(line, figures={**line.figures, **figures})


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(PEOPLE, COUNTS)), min_size=1, max_size=4), st.data())
def test_the_province_table_is_made_of_what_is_told(lines: list[dict[str, int]], data: st.DataObject) -> None:
    """Other counts that are told alike give the same table, totals and shares included, and none of 1 to 4 is in it."""
    others = [{name: data.draw(st.integers(*span(tell(count)))) for name, count in line.items()} for line in lines]
    one, other = provinces(lines), provinces(others)
    assert one == other
    assert not [
        line
        for line in (*one.lines, one.total)
        for name, value in line.figures.items()
        if name not in JOBS and value in SMALLS
    ]


def test_where_people_work_leaves_every_small_value_possible() -> None:
    """Those employed, up to 12, by three places and by the way they found the post."""

    def told(county: int, province: int, away: int, own: int) -> tuple[Hashable, Cells]:
        employed = county + province + away
        facts = {
            "employed": employed,
            "in_county": county,
            "in_province": province,
            "out_of_province": away,
            "elsewhere": 0,
            "own_account": own,
            "assisted": employed - own,
        }
        shown = provinces([dict.fromkeys(PEOPLE, 0) | facts]).lines[0].figures
        return tuple(shown.items()), {name: value for name, value in facts.items() if shown[name] is not None}

    facts = (
        told(county, province, away, own)
        for county, province, away in product(range(13), repeat=3)
        if county + province + away <= 12
        for own in range(county + province + away + 1)
    )
    assert narrowed(facts) == []
