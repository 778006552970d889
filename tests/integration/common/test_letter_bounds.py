"""A flood of bad records fills no disk and loses nothing that an operator has to know."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.records import Record
from libs.common.housekeeping import forget
from libs.common.inbox import Inbox
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, client_of
from tests.support.sample import SERVICE, Counted

TOPIC = f"public.{Counted.AGGREGATE}"
WHOLE = 5


def bad(offset: int) -> Record:
    return Record(TOPIC, 0, offset, b"k", f"no event {offset}".encode(), ())


async def letters(context: ServiceContext) -> list[dict[str, Any]]:
    async with context.database.reading() as tx:
        return [dict(row) for row in (await tx.execute(text("SELECT * FROM dead_letter ORDER BY id"))).mappings()]


def inbox_of(context: ServiceContext) -> Inbox:
    return Inbox(context.database, {}, context.metrics, whole=WHOLE)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.integers(1, 12), min_size=1, max_size=8), twice=st.booleans())
async def test_the_newest_keep_their_bytes_and_of_all_it_is_known_where_and_why(
    nodes: Nodes, batches: list[int], twice: bool
) -> None:
    context, offset = await nodes.open(SERVICE), 0
    for size in batches:
        records = [bad(offset + place) for place in range(size)]
        for _ in range(1 + twice):
            await inbox_of(context).take(records)
        offset += size
    kept = await letters(context)
    assert [row["offset"] for row in kept] == list(range(offset))
    whole = [row for row in kept if row["value"] is not None]
    assert whole == kept[-WHOLE:]
    assert all(row["reason"] and row["bytes"] > 10 and len(row["digest"]) == 32 for row in kept)
    assert [row["cut"] for row in kept] == [row["value"] is None for row in kept]
    parts = (b"k", f"no event {0}".encode(), b"[]")
    assert kept[0]["digest"] == hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


async def test_an_operator_is_told_that_the_bytes_are_gone_and_can_still_end_it(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await inbox_of(context).take([bad(offset) for offset in range(WHOLE + 1)])
    async with client_of(context, "operator") as operator:
        first = (await operator.get("/sample/v1/dead-letters")).json()["items"][0]
        path = f"/sample/v1/dead-letters/{first['id']}"
        whole = (await operator.get(path)).json()
        assert (first["cut"], first["bytes"], whole["value"]) == (
            True,
            len(b"k") + len(b"no event 0") + len(b"[]"),
            None,
        )
        refused = await operator.post(f"{path}/replay")
        assert (refused.status_code, "broker" in refused.json()["detail"]) == (409, True)
        assert 'xieli_dead_letters_emptied_total{service="sample"} 1.0' in (await operator.get("/sample/metrics")).text
        assert (await operator.post(f"{path}/discard", json={"reason": "flood"})).status_code == 204
        assert (await operator.get("/sample/health/ready")).json()["dead_letters"] == WHOLE


async def test_a_lower_bound_holds_from_the_next_cleaning_on(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take([bad(offset) for offset in range(9)])
    assert all(row["value"] for row in await letters(context))
    context.settings = context.settings.model_copy(update={"letters_whole": 2})
    await forget(context)
    assert [row["value"] is not None for row in await letters(context)] == [False] * 7 + [True] * 2


async def test_what_was_ended_long_ago_goes_and_what_is_open_stays(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take([bad(offset) for offset in range(3)])
    now, days = context.node.clock.now(), context.settings.letters_days
    park = "INSERT INTO parked (id, topic, partition, key, type, time, data, source, sequence, error) VALUES (:id, 't', 0, 'a', 'x', now(), '{}', '/n/x', :at, 'e')"
    async with context.database.transaction() as tx:
        for number in range(3):
            await tx.execute(text(park), {"id": new_id(), "at": number})
        for table, number in (("dead_letter", "id"), ("parked", "place")):
            end = f"UPDATE {table} SET ended = 'discarded', ended_by = 'o', ended_because = 'x', ended_at = :at WHERE {number} = (SELECT min({number}) + :nth FROM {table})"
            await tx.execute(text(end), {"nth": 0, "at": now - timedelta(days=days, seconds=1)})
            await tx.execute(text(end), {"nth": 1, "at": now - timedelta(days=days - 1)})
    await forget(context)
    async with context.database.reading() as tx:
        for table in ("dead_letter", "parked"):
            left = (await tx.execute(text(f"SELECT ended FROM {table} ORDER BY 1 NULLS LAST"))).scalars().all()
            assert left == ["discarded", None], table
