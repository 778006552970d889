"""The steps of an introduction: owners, deadlines, and that nobody ever says yes twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import CONSENT_WITHDRAWN, MISTAKE
from services.matching.rules.introductions.refusals import NothingToUndo, StepNotPossible
from services.matching.rules.introductions.steps import CITY, COUNTY, OPEN, STATES, UNDECIDED
from services.matching.rules.introductions.wording import CONSENTS, REASONS
from services.matching.rules.introductions.wording import STATES as WORDINGS

MAY = date(2017, 5, 1)
# At work nothing is due; the introduction ends when the person has come home.
ENDS = set(STATES) - set(OPEN) - {"started"}


def test_every_open_step_has_an_owner_and_a_deadline() -> None:
    for state in OPEN:
        assert rules.owner_of(state) in (COUNTY, CITY)
        due = rules.due_of(state, MAY)
        assert due is not None
        assert due > MAY


def test_a_step_that_has_ended_has_neither() -> None:
    for state in ENDS:
        assert rules.owner_of(state) is None
        assert rules.due_of(state, MAY) is None


def test_nothing_leads_on_from_an_end() -> None:
    assert not [(end, to) for end in ENDS for to in STATES if rules.follows(end, to)]


def test_every_open_state_has_a_way_to_an_end() -> None:
    reached = {*ENDS, "started"}
    for _ in STATES:
        reached |= {state for state in OPEN if any(rules.follows(state, to) for to in reached)}
    assert reached == set(STATES)


def test_every_state_reason_and_consent_has_its_public_wording() -> None:
    assert set(WORDINGS) == set(STATES)
    named = {reason for step in (*rules.STEPS.values(), *rules.WITHDRAWN.values()) for reason in step.reasons}
    assert named | {CONSENT_WITHDRAWN, MISTAKE} == set(REASONS)
    assert set(CONSENTS) == set(rules.CONSENTS)


def test_a_side_takes_only_its_own_steps() -> None:
    with pytest.raises(StepNotPossible):
        rules.check_step("offered", "agreed", CITY)
    with pytest.raises(StepNotPossible):
        rules.check_step("introduced", "hired", COUNTY)
    assert rules.check_step("introduced", "hired", CITY).owner == CITY


def test_nobody_agrees_who_was_not_asked() -> None:
    for state in ("held", "proposed", "declined", "hired"):
        with pytest.raises(StepNotPossible):
            rules.check_step(state, "agreed", COUNTY)


def test_a_reason_must_have_a_name() -> None:
    with pytest.raises(Invalid):
        rules.check_step("introduced", "rejected", CITY, "we did not like her")
    rules.check_step("introduced", "rejected", CITY, "lacking_skills")


def test_only_whoever_decides_withdraws() -> None:
    rules.check_step("held", "withdrawn", COUNTY, "vacancy_withdrawn")
    with pytest.raises(StepNotPossible):
        rules.check_step("held", "withdrawn", CITY, "vacancy_withdrawn")
    with pytest.raises(StepNotPossible):
        rules.check_step("hired", "withdrawn", CITY, "vacancy_withdrawn")


def test_what_lapses_is_a_step_that_its_side_may_take() -> None:
    for state, (to, side) in rules.LAPSES.items():
        rules.check_step(state, to, side, "deadline_passed")


def test_every_waiting_state_says_what_comes_next_and_what_happens_otherwise() -> None:
    for state in OPEN:
        assert rules.next_of(state)
        assert rules.lapse_of(state) in ENDS
    assert rules.owner_of("started") == CITY
    assert not [end for end in ENDS if rules.next_of(end) or rules.lapse_of(end)]


def test_what_is_entered_late_has_its_whole_time() -> None:
    assert rules.lapses_on("offered", MAY, MAY) == rules.due_of("offered", MAY)
    later = MAY + timedelta(days=400)
    assert rules.lapses_on("offered", MAY, later) == later + timedelta(days=7)


@pytest.mark.parametrize(
    ("side", "state", "reason", "days", "back"),
    [
        (COUNTY, "offered", None, 90, "held"),
        (COUNTY, "declined", "too_far", 7, "held"),
        (COUNTY, "declined", "too_far", 8, None),
        (COUNTY, "declined", CONSENT_WITHDRAWN, 0, None),
        (CITY, "offered", None, 0, None),
        (CITY, "hired", None, 90, "introduced"),
        (CITY, "no_show", "did_not_come", 3, "hired"),
        (CITY, "no_show", "deadline_passed", 0, None),
        (CITY, "started", None, 0, None),
        (COUNTY, "obsolete", "agreed_elsewhere", 0, None),
    ],
)
def test_a_side_takes_back_its_own_last_step(
    side: str, state: str, reason: str | None, days: int, back: str | None
) -> None:
    if back:
        assert rules.undone(state, side, "held", reason=reason, days_ago=days) == back
        return
    with pytest.raises(NothingToUndo):
        rules.undone(state, side, "held", reason=reason, days_ago=days)


def test_an_own_proposal_never_takes_a_place_held_for_a_run() -> None:
    assert rules.has_room(rules.OpeningsTaken(openings=3, signed=1, held=2), of_run=True)
    assert not rules.has_room(rules.OpeningsTaken(openings=3, signed=1, held=2), of_run=False)
    assert not rules.has_room(rules.OpeningsTaken(openings=3, signed=3, held=0), of_run=True)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(STATES), st.sampled_from([COUNTY, CITY])), max_size=60))
def test_no_path_leaves_two_signed_introductions_of_one_person(wishes: list[tuple[int, str, str]]) -> None:
    """Any order of attempts at the steps of four introductions of one person, as the operations take them."""
    states = ["proposed", "held", "proposed", "proposed"]
    for which, to, side in wishes:
        reasons = rules.step_to(to, side).reasons
        try:
            rules.check_step(states[which], to, side, reasons[0] if reasons else None)
        except StepNotPossible:
            continue
        others = states[:which] + states[which + 1 :]
        if to == "agreed":
            if rules.signed_of(others):
                continue
            states = [
                "obsolete" if state in UNDECIDED and index != which else state for index, state in enumerate(states)
            ]
        states[which] = to
        assert rules.signed_of(states) <= 1
        if to == "agreed":
            assert not set(states) & set(UNDECIDED)


@given(st.sampled_from(OPEN), st.integers(0, 4000))
def test_deadlines_count_from_the_day_of_the_step(state: str, days: int) -> None:
    on = MAY + timedelta(days=days)
    assert rules.due_of(state, on) == on + timedelta(days=rules.STEPS[state].days or 0)
