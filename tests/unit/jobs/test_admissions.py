"""Applications and places by rule: who meets the conditions, what follows from what, and that the order of news does not matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.jobs.rules import admissions as rules
from services.jobs.rules.admissions import Admission, AdmissionState, after_county, why_not
from services.jobs.rules.courses import Course, CourseTerms, check_course, closed, unmet
from services.jobs.rules.refusals import AdmissionStands, CourseClosed, CourseRefused

MAY, JUNE = date(2017, 5, 2), date(2017, 6, 30)
ONE = UUID(int=1)
TERMS = CourseTerms(title="电工班", kind="free", places=5, starts_on=MAY, ends_on=JUNE, apply_by=MAY)
COURSE = Course(
    **vars(TERMS),
    id=ONE,
    city="440300",
    provider_uscc="x",
    provider_name="校",
    licence="1",
    entered_by="a",
    listed_on=MAY,
)
APPLICATION = Admission(
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
ages = some.integers(10, 40)
states = some.sampled_from(["applied", "waiting", "admitted", "refused", "dropped", "completed", "placed", "withdrawn"])


@given(ages, some.none() | ages, some.none() | ages, some.integers(0, 5), some.integers(0, 5))
def test_conditions_are_met_just_within_their_bounds(
    age: int, low: int | None, high: int | None, known: int, asked: int
) -> None:
    course = replace(TERMS, age_min=low, age_max=high, education_min=asked, demands=["heights"])
    found = unmet(course, age=age, education=known, restrictions=["heights", "night"])
    within = (low is None or low <= age) and (high is None or age <= high)
    assert ("age" in found, "education" in found, "demands" in found) == (not within, known < asked, True)
    assert "demands" not in unmet(course, age=age, education=known, restrictions=["night"])


@given(some.integers(1, 50), some.none() | some.integers(0, 50), some.integers(0, 60))
def test_places_left_are_never_more_than_openings_behind_nor_below_nothing(
    places: int, behind: int | None, taken: int
) -> None:
    left = replace(COURSE, places=places, behind=behind).left(taken)
    assert left == max(0, min(places, places if behind is None else behind) - taken)
    assert replace(COURSE, places=places, behind=behind, state="ended").left(taken) == 0


@given(states, some.permutations([("applied", 1), ("withdrawn", 2), ("placed", 3)]))
def test_a_late_or_repeated_word_of_the_county_changes_nothing(
    state: AdmissionState, words: list[tuple[AdmissionState, int]]
) -> None:
    """Of any order only the highest number and whatever came up to it counts; each word twice is each word once."""
    one = replace(APPLICATION, state=state)
    once = twice = one
    for said, turn in words:
        once = after_county(once, said, None, turn, MAY)
        twice = after_county(after_county(twice, said, None, turn, MAY), said, None, turn, MAY)
    assert once == twice
    assert once.told == 3


def test_every_order_of_a_withdrawal_and_its_application_ends_withdrawn() -> None:
    for order in permutations([("applied", 1), ("withdrawn", 2)]):
        one = replace(APPLICATION, state="admitted", told=0)
        for said, turn in order:
            one = after_county(one, said, "person", turn, MAY)  # type: ignore[arg-type]
        assert (one.state, one.holds) == ("withdrawn", False)
    done = replace(APPLICATION, state="completed")
    assert after_county(done, "withdrawn", "person", 2, MAY).state == "completed"
    assert after_county(done, "placed", None, 2, MAY).state == "placed"


@given(states)
def test_only_what_follows_is_taken(state: AdmissionState) -> None:
    one = replace(APPLICATION, state=state)
    for step, allowed in (
        (lambda: rules.admitted(one, MAY), {"applied", "waiting"}),
        (lambda: rules.waiting(one, MAY), {"applied"}),
        (lambda: rules.refused(one, "interview", MAY), {"applied", "waiting"}),
        (lambda: rules.dropped(one, "family", MAY), {"admitted"}),
        (lambda: rules.completed(one, "", "", MAY), {"admitted"}),
    ):
        if state in allowed:
            step()
        else:
            with pytest.raises(AdmissionStands):
                step()


def test_days_attended_are_no_more_than_the_course_has_had() -> None:
    one = replace(APPLICATION, state="admitted")
    assert rules.attended(one, 3, MAY, date(2017, 5, 4)).attended == 3
    with pytest.raises(Exception, match="最多 3 天"):
        rules.attended(one, 4, MAY, date(2017, 5, 4))


def test_what_comes_too_late_or_to_a_closed_course_is_refused_as_it_comes() -> None:
    assert why_not([], "open", MAY, MAY) is None
    assert why_not([], "open", MAY, JUNE) == "too_late"
    assert why_not(["age"], "open", MAY, MAY) == "age"
    assert why_not(["age"], "closed", MAY, MAY) == "course_closed"


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"ends_on": date(2017, 5, 1)}, ["/ends_on", "/apply_by"]),
        ({"age_min": 20, "age_max": 16}, ["/age_max"]),
        ({"demands": ["heights", "flying"]}, ["/demands/1"]),
        ({"certificate": "pilot"}, ["/certificate"]),
        ({"kind": "order_class"}, ["/vacancies", "/provider_uscc"]),
        ({"vacancies": [ONE]}, ["/vacancies"]),
        ({"licence": ""}, ["/licence"]),
        ({"fee": 300}, ["/fee_note"]),
        ({"fee": 300, "fee_note": "教材费和押金"}, ["/fee_note"]),
        ({"note": "报名须交押金 200 元"}, ["/note"]),
        ({"places": 1}, ["/places"]),
    ],
)
def test_a_refusal_names_every_field(said: dict[str, object], pointers: list[str]) -> None:
    with pytest.raises(CourseRefused) as refused:
        check_course(replace(COURSE, **said), 2)  # type: ignore[arg-type]
    assert [error.pointer for error in refused.value.errors] == pointers
    check_course(replace(COURSE, fee=300, fee_note="教材费"), 5)


def test_a_course_that_is_over_takes_no_step() -> None:
    stopped = closed(COURSE, "closed", MAY, "满了")
    over = closed(stopped, "withdrawn", MAY, "不开班")
    for state in ("closed", "withdrawn", "ended"):
        with pytest.raises(CourseClosed):
            closed(over, state, MAY, "")  # type: ignore[arg-type]
    with pytest.raises(CourseClosed):
        closed(stopped, "closed", MAY, "")
