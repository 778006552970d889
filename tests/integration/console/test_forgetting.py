"""What the console forgets in time, in batches and by housekeeping alone: what is over goes, what counts stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from libs.common import housekeeping
from libs.common.database import new_id
from libs.common.housekeeping import forget
from services.console.rules import guessing
from services.console.tables import assertion, attempt, session
from tests.support.console import app_of, browser, open_console, sign_in
from tests.support.nodes import Nodes

MANY = 25


def _session(number: int, at: Any) -> dict[str, Any]:
    begun = {"begun_at": at, "seen_at": at, "passed": True, "address": "", "agent": ""}
    return {"digest": number.to_bytes(4), "id": new_id(), "login": "officer", **begun}


def _attempt(number: int, at: Any) -> dict[str, Any]:
    return {"key": str(number), "failures": 1, "last_at": at, "next_at": at}


def _assertion(number: int, at: Any) -> dict[str, Any]:
    return {"system": new_id(), "jti": str(number), "until": at}


# What is over since when, and what is not yet.
OVER = [
    (session, _session, timedelta(days=30, minutes=1), timedelta(hours=11)),
    (attempt, _attempt, 2 * guessing.FORGOTTEN_AFTER + timedelta(minutes=1), guessing.FORGOTTEN_AFTER),
    (assertion, _assertion, timedelta(seconds=1), -timedelta(minutes=1)),
]


@pytest.mark.parametrize(("table", "row", "over", "not_yet"), OVER, ids=[table.name for table, *_ in OVER])
async def test_what_is_over_goes_and_the_rest_stays(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch, table: Table, row: Any, over: timedelta, not_yet: timedelta
) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 10)
    context = await open_console(nodes)
    now = context.node.clock.now()
    async with context.database.transaction() as tx:
        await tx.execute(insert(table), [row(number, now - over) for number in range(MANY)])
        await tx.execute(insert(table), [row(MANY + number, now - not_yet) for number in range(MANY)])
    await forget(context)
    async with context.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(table))).scalar_one() == MANY


async def test_nobody_who_signs_in_waits_for_what_is_over(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with context.database.transaction() as tx:
        await tx.execute(insert(session).values(_session(1, context.node.clock.now() - timedelta(days=3))))
    async with browser(app_of(context)) as client:
        await sign_in(client, context)
    async with context.database.reading() as tx:
        assert (await tx.execute(select(func.count()).select_from(session))).scalar_one() == 2
