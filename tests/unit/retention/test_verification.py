"""Each quarter everyone placed has exactly one owner."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.retention.rules.calendar import days_of_quarter
from services.retention.rules.spells import Spell
from services.retention.rules.verification import check_answer, owner_of_quarter, owner_on

ID = UUID(int=1)
SPELL = Spell(ID, "440300", "firm", date(2017, 2, 20), date(2017, 5, 12))
DAYS = st.dates(date(2016, 1, 1), date(2018, 12, 31))


@pytest.mark.parametrize(
    ("day", "owner"),
    [((2017, 2, 19), "n433124"), ((2017, 2, 20), "n440300"), ((2017, 5, 12), "n440300"), ((2017, 5, 13), "n433124")],
)
def test_the_city_answers_for_who_is_in_work_and_the_county_for_who_is_not(
    day: tuple[int, int, int], owner: str
) -> None:
    assert owner_on("433124", [SPELL], date(*day)) == owner


@given(DAYS)
def test_both_sides_name_the_same_owner_from_the_same_spells(as_of: date) -> None:
    owner = owner_of_quarter("433124", [SPELL], "2017Q2", as_of)
    first, last = days_of_quarter("2017Q2")
    assert owner == owner_on("433124", [SPELL], min(max(as_of, first), last))
    assert owner in ("n433124", "n440300")


def test_the_task_moves_within_the_quarter_when_the_situation_moves() -> None:
    days = [date(2017, 5, 12) + timedelta(days=shift) for shift in (0, 1)]
    assert [owner_of_quarter("433124", [SPELL], "2017Q2", day) for day in days] == ["n440300", "n433124"]


@pytest.mark.parametrize(("outcome", "grade"), [("in_work", None), ("left", None), ("unreachable", "worker")])
def test_evidence_goes_with_whoever_was_found(outcome: str, grade: str | None) -> None:
    with pytest.raises(Invalid):
        check_answer(outcome, grade)


def test_an_answer_with_evidence_and_nobody_reached_without_are_taken() -> None:
    check_answer("in_work", "insurance")
    check_answer("unreachable", None)
