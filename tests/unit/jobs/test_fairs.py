"""How a fair goes on: from planned through open to held or cancelled, and never back."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.calendar import add_days
from libs.common.problems import Invalid, Problem
from services.jobs.rules import fairs as rules
from services.jobs.rules.fairs import Booth, Fair
from services.jobs.rules.refusals import FairEmpty, FairFull, FairOver

DAY = date(2017, 6, 10)


def fair() -> Fair:
    return Fair(
        id=uuid4(), city="440300", title="专场", place="440306", venue="体育馆", day=DAY, entered_by="officer-1"
    )


def booth(number: int) -> Booth:
    return Booth(fair=uuid4(), employer_uscc=str(number), employer=None, employer_name="单位", city="430100")


@given(st.lists(st.tuples(st.sampled_from(["open", "cancel", "over"]), st.integers(-3, 3)), max_size=8))
def test_whatever_is_tried_a_closed_fair_stays_as_it_is(steps: list[tuple[str, int]]) -> None:
    now, closed = fair(), None
    for verb, days in steps:
        today = add_days(DAY, days)
        try:
            if verb == "over":
                now = rules.over(rules.changeable(now), "到期")
            else:
                now = rules.opened(now, [booth(1)], today) if verb == "open" else rules.cancelled(now, "台风", today)
        except Problem:
            pass
        assert closed is None or now == closed
        if now.state in ("held", "cancelled"):
            closed = now
            assert now.closed_on is not None
    assert (now.state == "held") <= ("open" in [verb for verb, _ in steps])


def test_it_opens_with_a_firm_and_not_after_its_day() -> None:
    with pytest.raises(FairEmpty):
        rules.opened(fair(), [], DAY)
    with pytest.raises(Invalid) as refused:
        rules.opened(fair(), [booth(1)], add_days(DAY, 1))
    assert refused.value.errors[0].pointer == "/day"
    with pytest.raises(FairOver):
        rules.opened(rules.cancelled(fair(), "台风", DAY), [booth(1)], DAY)


def test_a_full_hall_takes_a_firm_that_is_there_already_and_no_other() -> None:
    hall = [booth(number) for number in range(rules.BOOTHS)]
    rules.check_room(hall, booth(0))
    with pytest.raises(FairFull):
        rules.check_room(hall, booth(rules.BOOTHS))
