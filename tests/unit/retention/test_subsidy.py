"""What a claim lacks, by policies that are data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.retention.rules.subsidy import Policy, UnknownPolicy, amount_of, find_policy, period_of, what_is_lacking
from services.retention.store.policies import list_policies
from tests.support.spells import a_spell

START = date(2017, 2, 20)
SPELL = a_spell(START)
JUNE = date(2017, 6, 1)
PAPERS = [
    ("id_copy", ""),
    ("contract", ""),
    ("wage_line", "2017-03"),
    ("wage_line", "2017-04"),
    ("wage_line", "2017-05"),
]


@pytest.fixture
def policy() -> Policy:
    return find_policy(list_policies(), "transport", "433124", JUNE)


def test_everything_there_lacks_nothing(policy: Policy) -> None:
    assert what_is_lacking(policy, [SPELL], PAPERS, JUNE) == []


@given(st.sets(st.sampled_from(PAPERS)), st.integers(0, 200))
def test_the_clock_is_complete_exactly_when_all_papers_and_months_are_there(
    papers: set[tuple[str, str]], days: int
) -> None:
    policy = find_policy(list_policies(), "transport", "433124", JUNE)
    lacking = {one.what for one in what_is_lacking(policy, [SPELL], papers, START + timedelta(days=days))}
    expected = {kind for kind, _ in set(PAPERS) - papers} | ({"months_of_work"} if days < 89 else set())
    assert lacking == expected


@given(st.sets(st.sampled_from(PAPERS)), st.sets(st.sampled_from(PAPERS)))
def test_another_paper_never_makes_more_missing(some: set[tuple[str, str]], more: set[tuple[str, str]]) -> None:
    policy = find_policy(list_policies(), "transport", "433124", JUNE)
    assert len(what_is_lacking(policy, [SPELL], some | more, JUNE)) <= len(what_is_lacking(policy, [SPELL], some, JUNE))


def test_the_same_paper_twice_counts_once(policy: Policy) -> None:
    [lacking] = what_is_lacking(policy, [SPELL], [*PAPERS[:3], PAPERS[2], PAPERS[2]], JUNE)
    assert str(lacking) == "wage_line: 1 of 3"


def test_time_that_will_come_has_a_date_and_time_that_has_stopped_has_none(policy: Policy) -> None:
    [running] = what_is_lacking(policy, [SPELL], PAPERS, date(2017, 5, 1))
    stopped = a_spell(START, date(2017, 4, 1))
    [over] = what_is_lacking(policy, [stopped], PAPERS, date(2017, 5, 1))
    assert (running.due_on, over.due_on) == (date(2017, 5, 20), None)
    assert what_is_lacking(policy, [SPELL], PAPERS, date(2017, 5, 20)) == []


def test_the_longer_region_wins_and_a_year_without_a_policy_has_none() -> None:
    assert find_policy(list_policies(), "transport", "433124", JUNE).version == "430000-2017.1"
    assert find_policy(list_policies(), "transport", "440300", JUNE).version == "000000-2017.1"
    with pytest.raises(UnknownPolicy):
        find_policy(list_policies(), "transport", "433124", date(2015, 6, 1))
    with pytest.raises(UnknownPolicy):
        find_policy(list_policies(), "housing", "433124", JUNE)


def test_farther_is_more_and_at_home_is_nothing(policy: Policy) -> None:
    assert amount_of(policy, "04") > amount_of(policy, "03") > 0
    with pytest.raises(Invalid):
        amount_of(policy, "02")
    assert period_of(JUNE) == "2017"
