"""What stands at a fair, and until when its desk is heard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.calendar import add_days
from libs.common.problems import Conflict, Invalid
from services.matching.rules import fairs as rules
from services.matching.rules.fairs import Booth, Entry, Fair
from services.matching.rules.lists import ListedVacancy
from tests.support.telling import a_vacancy

DAY, FIRMS, CITIES = date(2017, 6, 10), ("A", "B", None), ("440300", "430100")


def fair(state: str = "open") -> Fair:
    return Fair(
        fair=uuid4(),
        node="n440300",
        city="440300",
        title="专场",
        place="440306",
        venue="体育馆",
        day=DAY,
        state=state,
        reason="",
        announced_on=DAY,
    )


def booth(uscc: str, city: str, vacancies: Sequence[UUID] = ()) -> Booth:
    return Booth(fair=uuid4(), employer_uscc=uscc, city=city, employer_name="单位", vacancies=vacancies)


def post(uscc: str | None, city: str) -> ListedVacancy:
    told = a_vacancy(city=city, employer_uscc=uscc).model_dump(exclude={"on"})
    names = {name: list(told[name]) for name in ("certificates", "demands", "accommodations", "offers")}
    return ListedVacancy(**{**told, **names}, node="n440300", announced_on=DAY)


@given(
    st.sampled_from(FIRMS[:2]), st.sampled_from(CITIES), st.sampled_from(FIRMS), st.sampled_from(CITIES), st.booleans()
)
def test_a_post_stands_there_by_its_own_firm_alone(
    booked: str, listed_by: str, uscc: str | None, city: str, named: bool
) -> None:
    offered = post(uscc, city)
    stands = rules.stands_at(booth(booked, listed_by, [offered.vacancy] if named else []), offered)
    assert stands == ((booked, listed_by) == (uscc, city))
    assert not rules.stands_at(booth(booked, listed_by, [uuid4()]), offered)


@given(st.integers(-30, 30), st.sampled_from(["planned", "open", "held", "cancelled"]))
def test_a_desk_is_heard_from_the_day_on_for_a_week(days: int, state: str) -> None:
    heard = state in ("open", "held") and 0 <= days <= rules.LATE_DAYS
    try:
        rules.check_held(fair(state), add_days(DAY, days))
    except Conflict:
        assert not heard
    else:
        assert heard


@given(st.integers(-30, 30), st.sampled_from(["planned", "open", "held", "cancelled"]))
def test_people_sign_up_while_it_is_open_its_day_included(days: int, state: str) -> None:
    try:
        rules.check_sign_up(fair(state), add_days(DAY, days))
    except Conflict:
        assert state != "open" or days > 0
    else:
        assert state == "open"
        assert days <= 0


@pytest.mark.parametrize(("on", "listed", "pointer"), [(1, True, "/on"), (0, False, "/vacancy")])
def test_an_entry_is_of_the_fairs_day_and_of_a_post_that_stands_there(on: int, listed: bool, pointer: str) -> None:
    offered = post("A", "440300")
    entry = Entry(entry=uuid4(), person=uuid4(), vacancy=offered.vacancy, consent="2017.1", on=add_days(DAY, on))
    with pytest.raises(Invalid) as refused:
        rules.check_entry(fair(), [booth("A", "440300")], entry, offered if listed else None)
    assert refused.value.errors[0].pointer == pointer
