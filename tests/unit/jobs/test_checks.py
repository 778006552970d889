"""Checks of hires: the draw is the same whoever draws, and a check goes from the firm to the city and to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.problems import Invalid
from services.jobs.rules.checks import (
    DRAW_RULE,
    MOST_LINES,
    Check,
    Hire,
    Line,
    answered,
    check_days,
    concluded,
    digest_of,
    draw,
    how_many,
    judged,
    state_of,
)
from services.jobs.rules.refusals import CheckConcluded, LineJudged, LinesToJudge, NothingToCheck

DAY = date(2017, 10, 9)
SEED = "0f" * 16


def hires(count: int) -> list[Hire]:
    return [Hire(introduction=UUID(int=number), vacancy=UUID(int=1), hired_on=DAY) for number in range(count)]


def a_line(**said: Any) -> Line:
    facts = {
        "id": UUID(int=2),
        "check": UUID(int=1),
        "introduction": UUID(int=3),
        "vacancy": UUID(int=4),
        "hired_on": DAY,
    }
    return Line(**{**facts, **said})


def a_check(**said: Any) -> Check:
    days = {"since": DAY, "until": DAY, "due": DAY, "asked_on": DAY}
    drawn = {"seed": SEED, "pool": 1, "pool_digest": "", "rule": DRAW_RULE, "evidence": ["contract"]}
    return Check(**{"id": UUID(int=1), "employer": UUID(int=9), "asked_by": "officer-1", **days, **drawn, **said})


@given(st.integers(0, 40), st.integers(0, 45), st.text("0123456789abcdef", min_size=32, max_size=32), st.randoms())
def test_a_draw_is_the_same_in_any_order_and_a_larger_one_holds_the_smaller(
    count: int, number: int, seed: str, random: Random
) -> None:
    pool = hires(count)
    mixed = random.sample(pool, len(pool))
    drawn = draw(pool, seed, number)
    assert drawn == draw(mixed, seed, number)
    assert digest_of(pool) == digest_of(mixed)
    assert len(set(drawn)) == len(drawn) == min(count, number)
    assert draw(pool, seed, number + 1)[: len(drawn)] == drawn


def test_every_hire_is_drawn_about_as_often() -> None:
    pool = hires(10)
    times = dict.fromkeys(pool, 0)
    for seed in range(2000):
        for hire in draw(pool, f"{seed:032x}", 3):
            times[hire] += 1
    assert min(times.values()) > 500
    assert max(times.values()) < 700


def test_a_number_or_a_share_is_asked_for_within_what_there_is() -> None:
    assert how_many(24, number=5, share=None) == 5
    assert how_many(3, number=5, share=None) == 3
    assert [how_many(24, number=None, share=share) for share in (1, 10, 100)] == [1, 3, 24]
    with pytest.raises(NothingToCheck):
        how_many(0, number=1, share=None)
    with pytest.raises(Invalid):
        how_many(MOST_LINES + 1, number=None, share=100)


@pytest.mark.parametrize(("until", "due"), [(date(2017, 10, 8), DAY), (DAY, date(2017, 10, 8))])
def test_days_that_are_over_before_they_begin_are_refused(until: date, due: date) -> None:
    with pytest.raises(Invalid):
        check_days(DAY, until, due, DAY)


def test_it_is_the_firms_turn_while_any_line_waits_and_then_the_citys() -> None:
    waiting = a_line()
    told = answered(waiting, "合同已签", "2017-118", DAY)
    kept = judged(told, "kept", "", "officer-1", DAY)
    assert state_of([waiting, kept]) == "asked"
    assert state_of([told, kept]) == "judging"
    assert state_of([kept]) == state_of([judged(waiting, "no_answer", "逾期未答复", "n440300", DAY)]) == "judged"
    turns = [
        (a_check(state=state).owner, a_check(state=state).next) for state in ("asked", "judging", "judged", "concluded")
    ]
    assert turns == [("employer", "answer"), ("city", "judge"), ("city", "conclude"), (None, None)]
    assert a_check(warned_on=DAY).closes_on == date(2017, 10, 16)


def test_a_line_is_judged_once_and_with_a_reason_unless_it_was_kept() -> None:
    with pytest.raises(Invalid):
        judged(a_line(), "not_kept", "", "officer-1", DAY)
    done = judged(a_line(), "not_kept", "没有合同", "officer-1", DAY)
    with pytest.raises(LineJudged):
        judged(done, "kept", "", "officer-1", DAY)
    with pytest.raises(LineJudged):
        answered(done, "有", "", DAY)


def test_a_check_is_concluded_when_all_is_judged_and_what_was_kept_has_no_consequence() -> None:
    kept, broken = a_line(verdict="kept"), a_line(verdict="not_kept")
    said = ("五人中三人未签合同", "officer-1", DAY)
    with pytest.raises(LinesToJudge):
        concluded(a_check(), [kept, a_line()], "kept", "none", *said)
    with pytest.raises(Invalid):
        concluded(a_check(), [kept], "kept", "blacklist", *said)
    with pytest.raises(Invalid):
        concluded(a_check(), [kept, broken], "kept", "none", *said)
    done = concluded(a_check(), [kept, broken], "not_kept", "end_designation", *said)
    assert (done.state, done.outcome, done.consequence) == ("concluded", "not_kept", "end_designation")
    with pytest.raises(CheckConcluded):
        concluded(replace(done, version=2), [kept], "kept", "none", *said)
