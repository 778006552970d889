"""稳岗率: everyone due stands in exactly one place, and nobody leaves the denominator."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.calendar import add_months
from services.retention.rules.calendar import quarter_of
from services.retention.rules.rate import RULE, Answer, Placement, check_day, retention_rate, standing_of
from services.retention.rules.spells import Spell

ID = UUID(int=1)
START = date(2017, 1, 10)


def a_placement(*parts: tuple[str, int, int | None], answers: tuple[Answer, ...] = ()) -> Placement:
    """Spells as (employer, first day, last day), in days from START."""
    spells = [
        Spell(ID, "440300", firm, START + timedelta(days=first), None if last is None else START + timedelta(days=last))
        for firm, first, last in parts
    ]
    return Placement(spells[0], spells, answers)


PARTS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 200), st.one_of(st.none(), st.integers(0, 300))),
    min_size=1,
    max_size=3,
)
ANSWERS = st.lists(
    st.builds(
        lambda day, outcome: Answer(quarter_of(day), outcome, None, day),
        st.dates(START, date(2017, 12, 31)),
        st.sampled_from(["in_work", "left", "unreachable"]),
    ),
    max_size=3,
)
PLACEMENTS = st.lists(
    st.builds(lambda parts, answers: a_placement(*parts, answers=tuple(answers)), PARTS, ANSWERS), max_size=8
)
DAYS = st.dates(date(2017, 1, 1), date(2018, 6, 30))
MONTHS = st.sampled_from([1, 3, 6, 12])


@given(PLACEMENTS, MONTHS, DAYS)
def test_everyone_whose_check_is_due_is_counted_once(placements: list[Placement], month: int, as_of: date) -> None:
    rate = retention_rate(placements, month, as_of)
    assert rate.due == sum(check_day(placement, month) <= as_of for placement in placements)
    assert 0 <= rate.same_employer <= rate.any_employer <= rate.due
    assert sum(rate.grades.values()) == rate.any_employer
    assert rate.rule == RULE


@given(PLACEMENTS, PLACEMENTS, MONTHS, DAYS)
def test_rates_of_two_counties_add_up(here: list[Placement], there: list[Placement], month: int, as_of: date) -> None:
    one, two, both = (retention_rate(part, month, as_of) for part in (here, there, [*here, *there]))
    assert both.due == one.due + two.due
    assert both.any_employer == one.any_employer + two.any_employer


@given(PLACEMENTS, MONTHS, DAYS, st.integers(0, 200))
def test_nobody_leaves_the_denominator_later(placements: list[Placement], month: int, as_of: date, later: int) -> None:
    assert (
        retention_rate(placements, month, as_of).due
        <= retention_rate(placements, month, as_of + timedelta(days=later)).due
    )


def test_who_changed_the_employer_counts_at_any_but_not_at_the_same() -> None:
    rate = retention_rate(
        [a_placement(("A", 0, 20), ("B", 21, None)), a_placement(("A", 0, None))], 1, date(2017, 3, 1)
    )
    assert (rate.same_employer, rate.any_employer, rate.due) == (1, 2, 2)


def test_a_gap_on_the_day_of_the_check_is_not_in_work() -> None:
    assert standing_of(a_placement(("A", 0, 20), ("B", 60, None)), 1, date(2017, 12, 31)) == "left"


def test_who_could_not_be_reached_stays_in_the_denominator_only() -> None:
    day = add_months(START, 1)
    silent = a_placement(("A", 0, None), answers=(Answer(quarter_of(day), "unreachable", None, day),))
    rate = retention_rate([silent], 1, date(2017, 3, 31))
    assert (rate.any_employer, rate.due, rate.standings["unreachable"]) == (0, 1, 1)


def test_an_answer_given_later_or_before_the_check_says_nothing_about_it() -> None:
    day = add_months(START, 1)
    early = a_placement(("A", 0, None), answers=(Answer("2017Q1", "unreachable", None, day - timedelta(days=1)),))
    late = a_placement(("A", 0, None), answers=(Answer("2017Q1", "unreachable", None, date(2017, 3, 30)),))
    assert retention_rate([early, late], 1, date(2017, 3, 1)).any_employer == 2


def test_the_last_answer_counts() -> None:
    day = add_months(START, 1)
    answers = (
        Answer("2017Q1", "unreachable", None, day),
        Answer("2017Q1", "in_work", "roster", day + timedelta(days=5)),
    )
    rate = retention_rate([a_placement(("A", 0, None), answers=answers)], 1, date(2017, 3, 31))
    assert (rate.any_employer, rate.grades) == (1, {"roster": 1})


def test_nobody_due_is_a_rate_without_a_denominator() -> None:
    assert retention_rate([a_placement(("A", 0, None))], 3, date(2017, 2, 1)).due == 0
