"""The 48-hour clock after a notice, and what may be taken instead of going home."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.retention.rules.introductions import Vacancy
from services.retention.rules.notice import (
    NotTransferable,
    Risk,
    as_known,
    check_notice,
    check_transfer,
    deadline_of,
    hours_left,
    last_day_at_old,
    state_of,
)

OLD, NEW = UUID(int=1), UUID(int=2)
DAYS = st.dates(date(2010, 1, 1), date(2030, 1, 1))


def a_risk(on: date, answered_on: date | None = None) -> Risk:
    return Risk(
        id=OLD,
        spell=OLD,
        kind="notice",
        reason="line_closed",
        on=on,
        last_day=on,
        deadline=deadline_of(on),
        answered_on=answered_on,
        answer="left" if answered_on else None,
        introduction=NEW,
        county="433124",
        city="440300",
        employer_uscc=None,
        vacancy=NEW,
    )


def a_vacancy(id: UUID, city: str, openings_left: int, withdrawn: bool) -> Vacancy:
    return Vacancy(
        id=id,
        city=city,
        employer_uscc=None,
        employer_name="蓝思科技",
        title="普工",
        occupation=None,
        wage=4000,
        openings_left=openings_left,
        withdrawn=withdrawn,
    )


def test_the_clock_runs_48_hours_from_the_notice() -> None:
    notice = a_risk(date(2017, 2, 27))
    assert notice.deadline == date(2017, 3, 1)
    assert hours_left(notice, date(2017, 2, 27)) == 48
    assert hours_left(notice, date(2017, 3, 2)) == -24


@given(DAYS, st.integers(0, 30), st.integers(0, 40))
def test_a_late_answer_stays_late_and_an_answer_to_come_is_not_known(notice: date, answered: int, looked: int) -> None:
    answer, day = notice + timedelta(days=answered), notice + timedelta(days=looked)
    risk = a_risk(notice, answer)
    state, known = state_of(risk, day), as_known(risk, day)
    assert (known.answered_on, known.answer) == ((None, None) if day < answer else (answer, "left"))
    if day < answer:
        assert state == ("open" if looked <= 2 else "overdue")
    else:
        assert state == ("answered" if answered <= 2 else "answered_late")


@pytest.mark.parametrize(
    ("on", "last_day", "pointer"), [((2017, 1, 1), (2017, 3, 1), "/on"), ((2017, 3, 1), (2017, 2, 25), "/last_day")]
)
def test_a_notice_lies_within_the_spell(on: tuple[int, int, int], last_day: tuple[int, int, int], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_notice(date(2017, 2, 20), date(*on), date(*last_day))
    assert refused.value.errors[0].pointer == pointer


@pytest.mark.parametrize(
    "vacancy",
    [
        a_vacancy(NEW, "430100", 3, False),
        a_vacancy(OLD, "440300", 3, False),
        a_vacancy(NEW, "440300", 0, False),
        a_vacancy(NEW, "440300", 3, True),
    ],
)
def test_another_city_the_same_post_a_full_or_withdrawn_one_cannot_be_taken(vacancy: Vacancy) -> None:
    with pytest.raises(NotTransferable):
        check_transfer(OLD, vacancy, "440300")


def test_a_vetted_vacancy_with_an_opening_in_the_same_city_can_be_taken() -> None:
    check_transfer(OLD, a_vacancy(NEW, "440300", 1, False), "440300")


def test_the_old_spell_ends_before_the_new_one_begins() -> None:
    assert last_day_at_old(date(2017, 4, 20), date(2017, 4, 25)) == date(2017, 4, 20)
    assert last_day_at_old(date(2017, 4, 20), date(2017, 4, 15)) == date(2017, 4, 14)
