"""Two sides of an application: whatever each does, and however news comes, both end where the same rule says; conditions and consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from libs.common.problems import Invalid
from services.jobs.rules import admissions as city_rules
from services.jobs.rules.admissions import Admission
from services.jobs.rules.refusals import AdmissionStands
from services.registry.rules import applications as rules
from services.registry.rules.applications import Application, ApplicationOver, CityWord, check_consent
from services.registry.rules.heard_courses import (
    ConditionsNotMet,
    CourseNotOpen,
    HeardCourse,
    check_conditions,
    check_open,
)

MAY, JUNE = date(2017, 5, 2), date(2017, 6, 30)
ONE = UUID(int=1)
APPLICATION = Application(
    id=ONE,
    course=ONE,
    city="440300",
    person=ONE,
    age=17,
    education=2,
    restrictions=[],
    consent="2017.1",
    consent_on=MAY,
    consented_by="guardian",
    recorded_by="officer-1",
    applied_on=MAY,
    changed_on=MAY,
)
COURSE = HeardCourse(
    id=ONE,
    city="440300",
    provider_uscc="x",
    provider_name="校",
    title="电工班",
    kind="free",
    occupation=None,
    vacancies=[],
    places=3,
    places_left=3,
    apply_by=MAY,
    starts_on=JUNE,
    ends_on=JUNE,
    age_min=16,
    age_max=22,
    education_min=2,
    demands=["heights"],
    certificate=None,
    fee=0,
    fee_note="",
    allowance=None,
    state="open",
    turn=1,
    told_on=MAY,
)


class Sides:
    """A county and a city with what each has said, in the order in which it was said; the wire loses nothing for ever."""

    def __init__(self) -> None:
        self.county = APPLICATION
        self.city: Admission | None = None
        self.to_city: list[Application] = [self.county]
        self.to_county: list[CityWord] = []

    def act(self, what: str) -> None:
        steps: dict[str, Any] = {
            "admit": city_rules.admitted,
            "wait": city_rules.waiting,
            "refuse": lambda one, on: city_rules.refused(one, "interview", on),
            "drop": lambda one, on: city_rules.dropped(one, "family", on),
            "complete": lambda one, on: city_rules.completed(one, "17", "初级", on),
        }
        try:
            if what in steps:
                if self.city is not None:
                    self._say(steps[what](self.city, JUNE))
            elif what == "withdraw":
                self._tell(rules.withdrawn(self.county, "person", JUNE))
            elif self.county.said == "applied" and self.county.state in ("admitted", "completed"):
                self._tell(rules.placed(self.county, JUNE))
        except (AdmissionStands, ApplicationOver):
            pass  # a step that does not follow from where this side stands

    def reach_city(self, at: int) -> None:
        heard = self.to_city[at % len(self.to_city)]
        if self.city is None:
            state = "withdrawn" if heard.said == "withdrawn" else "applied"
            self._say(replace(_ADMISSION, told=heard.turn, state=state))
            return
        after = city_rules.after_county(self.city, heard.said, None, heard.turn, JUNE)
        if after.state != self.city.state:
            self._say(after)
        else:
            self.city = after

    def reach_county(self, at: int) -> None:
        if self.to_county:
            self.county = rules.after_city(self.county, self.to_county[at % len(self.to_county)])

    def settle(self, backwards: bool) -> None:
        """Everything that was said comes once more, until nobody says anything new."""
        before = -1
        while before != len(self.to_city) + len(self.to_county):
            before = len(self.to_city) + len(self.to_county)
            for at in sorted(range(len(self.to_city)), reverse=backwards):
                self.reach_city(at)
            for at in sorted(range(len(self.to_county)), reverse=backwards):
                self.reach_county(at)

    def _tell(self, after: Application) -> None:
        self.county = after
        self.to_city.append(after)

    def _say(self, after: Admission) -> None:
        self.city = replace(after, turn=after.turn + 1)
        self.to_county.append(
            CityWord(
                state=self.city.state,
                reason=self.city.reason,
                turn=self.city.turn,
                on=JUNE,
                attended=0,
                certificate=None,
                certificate_number="",
                certificate_level="",
            )
        )


_ADMISSION = Admission(
    id=ONE,
    course=ONE,
    county="433124",
    age=17,
    education=2,
    restrictions=[],
    consent="2017.1",
    applied_on=MAY,
    changed_on=MAY,
    told=1,
    entered=ONE,
)
_DOING = some.sampled_from(["admit", "wait", "refuse", "drop", "complete", "withdraw", "place"])
_MOVES = some.lists(
    some.one_of(
        _DOING.map(lambda what: ("do", what)), some.tuples(some.sampled_from(["city", "county"]), some.integers(0, 9))
    ),
    max_size=25,
)


@given(_MOVES, some.booleans())
def test_both_sides_end_alike_whatever_comes_late_twice_or_in_another_order(
    moves: list[tuple[str, Any]], backwards: bool
) -> None:
    sides = Sides()
    for kind, what in moves:
        if kind == "do":
            sides.act(what)
        elif kind == "city":
            sides.reach_city(what)
        else:
            sides.reach_county(what)
    sides.settle(backwards)
    assert sides.city is not None
    assert sides.county.state == sides.city.state
    if sides.county.said == "withdrawn":
        assert sides.city.state not in ("applied", "waiting", "admitted")


def test_a_withdrawal_after_the_end_takes_the_name_back_and_not_the_end() -> None:
    done = replace(APPLICATION, told="completed", told_turn=3, state="completed")
    after = rules.withdrawn(done, "person", JUNE)
    assert (after.said, after.state, after.turn) == ("withdrawn", "completed", 2)
    with pytest.raises(ApplicationOver):
        rules.withdrawn(after, "person", JUNE)
    with pytest.raises(Invalid):
        rules.withdrawn(APPLICATION, "person", date(2017, 5, 1))


def test_conditions_are_told_together_and_the_age_is_that_of_the_first_day() -> None:
    assert check_conditions(COURSE, birth=date(2001, 6, 30), education=2, restrictions=["night"]) == 16
    with pytest.raises(ConditionsNotMet) as refused:
        check_conditions(COURSE, birth=date(2001, 7, 1), education=1, restrictions=["heights"])
    assert [error.code for error in refused.value.errors] == ["age", "education", "demands"]


def test_nobody_applies_after_the_day_or_for_a_closed_course() -> None:
    check_open(COURSE, MAY)
    for course, on in ((COURSE, date(2017, 5, 3)), (replace(COURSE, state="closed"), MAY)):
        with pytest.raises(CourseNotOpen):
            check_open(course, on)


def test_under_eighteen_the_guardian_agrees() -> None:
    check_consent(date(1999, 5, 2), "person", MAY, MAY)
    check_consent(date(1999, 5, 3), "guardian", MAY, MAY)
    for birth, day in ((date(1999, 5, 3), MAY), (date(1980, 1, 1), JUNE)):
        with pytest.raises(Invalid):
            check_consent(birth, "person", day, MAY)
