"""稳岗率: everyone due stands in exactly one place, and nobody leaves the denominator."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.retention.rules.rate import RULE, Check, retention_rate, standing_of

DAY = date(2017, 4, 30)
CHECKS = st.lists(
    st.tuples(
        st.builds(
            Check,
            st.sampled_from([None, True, False]),
            st.sampled_from([None, "in_work", "left", "unreachable"]),
            st.sampled_from([None, "roster", "insurance"]),
        ),
        st.integers(1, 9),
    ),
    max_size=8,
)


@given(CHECKS)
def test_everyone_whose_check_is_due_is_counted_once(checks: list[tuple[Check, int]]) -> None:
    rate = retention_rate(checks, 3, DAY)
    assert rate.due == sum(times for _, times in checks)
    assert 0 <= rate.same_employer <= rate.any_employer <= rate.due
    assert sum(rate.grades.values()) == rate.any_employer
    assert rate.rule == RULE


@given(CHECKS, CHECKS)
def test_rates_of_two_counties_add_up(here: list[tuple[Check, int]], there: list[tuple[Check, int]]) -> None:
    one, two, both = (retention_rate(part, 3, DAY) for part in (here, there, [*here, *there]))
    assert both.due == one.due + two.due
    assert both.any_employer == one.any_employer + two.any_employer


def test_who_changed_the_employer_counts_at_any_but_not_at_the_same() -> None:
    rate = retention_rate([(Check(False), 1), (Check(True), 1)], 1, DAY)
    assert (rate.same_employer, rate.any_employer, rate.due) == (1, 2, 2)


def test_no_work_on_the_day_and_a_finding_of_none_are_both_left() -> None:
    assert [standing_of(Check(None)), standing_of(Check(True, "left"))] == ["left", "left"]


def test_who_could_not_be_reached_stays_in_the_denominator_only() -> None:
    rate = retention_rate([(Check(True, "unreachable"), 1)], 1, DAY)
    assert (rate.any_employer, rate.due, rate.standings["unreachable"]) == (0, 1, 1)


def test_nobody_due_is_a_rate_without_a_denominator() -> None:
    assert retention_rate([], 3, DAY).due == 0
