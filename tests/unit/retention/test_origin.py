"""Whoever reports for another region is refused, whatever is reported."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from libs.common.database import Transaction, new_id
from libs.common.events.envelope import Envelope, Event
from libs.common.events.retention import ClaimDecided
from libs.common.problems import Forbidden
from services.retention.subscriptions import SUBSCRIPTIONS

NO_TRANSACTION = cast(Transaction, None)

# Whose decision a claim is, is known from the introduction alone.
REPORTS = [kind for kind in SUBSCRIPTIONS if kind.AUDIENCE == "to" and kind is not ClaimDecided]


def from_node(node: str, event: type[Event]) -> Envelope:
    return Envelope(
        id=new_id(),
        source=f"/{node}/retention",
        type=event.TYPE,
        time=datetime(2017, 5, 1, tzinfo=UTC),
        topic=f"to.n433124.{event.AGGREGATE}",
        partition=0,
        sequence=1,
        key="-",
    )


@pytest.mark.parametrize("kind", REPORTS, ids=lambda kind: str(kind.TYPE))
async def test_a_report_for_another_region_is_refused(kind: type[Event]) -> None:
    said: Any = kind.model_construct(city="440300", region="440300")
    with pytest.raises(Forbidden, match="440300 announced by n430100"):
        await SUBSCRIPTIONS[kind](NO_TRANSACTION, said, from_node("n430100", kind))


def test_all_reports_were_tried() -> None:
    assert len(REPORTS) == 7
