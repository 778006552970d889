"""Whoever waits at the feed is woken by one connection of the process, and holds none himself."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.api import feed
from libs.common.outbox import announce
from libs.common.service import ServiceContext
from tests.support import eventually
from tests.support.nodes import Nodes, announced, client_of
from tests.support.sample import SERVICE, Counted, Told

PUBLIC = "public.sample.tally"
_LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
POLLS = 30


@pytest.fixture(autouse=True)
def only_when_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks by himself looks too late for these tests."""
    monkeypatch.setattr(feed, "LOOK_SECONDS", 600.0)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The topic of each time that somebody has read the journal."""
    seen, read = list[str](), feed.read_journal

    async def read_and_count(context: ServiceContext, topic: str, *rest: Any) -> Any:
        seen.append(topic)
        return await read(context, topic, *rest)

    monkeypatch.setattr(feed, "read_journal", read_and_count)
    return seen


async def poll(client: httpx.AsyncClient, topic: str = PUBLIC) -> int:
    answer = await client.get("/sample/v1/events", params={"topic": topic, "wait": 20})
    assert answer.status_code == 200, answer.text
    return len(answer.text.splitlines())


async def say(context: ServiceContext, *, to: str | None = None) -> None:
    async with context.database.transaction() as tx:
        await announce(tx, Told(name="a", number=1) if to else Counted(name="a", number=1), to=to)
    await announced(context)


async def all_wait(context: ServiceContext, topic: str, polls: int) -> None:
    """Until so many wait, somebody listens for them, and no reader has had a connection for a while."""
    pool, at_rest = context.database._readers.sync_engine.pool, 0

    async def waiting() -> bool:
        nonlocal at_rest
        told = context.journal_listener._waiting.get(topic, set())
        rests = len(told) == polls and not any(one.is_set() for one in told) and pool.checkedout() == 0  # type: ignore[attr-defined]
        at_rest = at_rest + 1 if rests else 0
        return at_rest > 3

    async def listening() -> bool:
        async with context.database.transaction() as tx:
            return (await tx.execute(text(_LISTENING))).scalar() == 1

    await eventually(listening)
    await eventually(waiting)


async def test_many_who_wait_share_one_connection_and_read_once_when_something_comes(
    nodes: Nodes, reads: list[str]
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        polls = [asyncio.create_task(poll(client)) for _ in range(POLLS)]
        await all_wait(context, PUBLIC, POLLS)
        reads.clear()
        await say(context)
        assert await asyncio.gather(*polls) == [1] * POLLS
        assert len(reads) == POLLS
    assert context.journal_listener._waiting == {}


async def test_only_those_are_woken_whose_topic_has_something(nodes: Nodes, reads: list[str]) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        waiting = asyncio.create_task(poll(client))
        await all_wait(context, PUBLIC, 1)
        reads.clear()
        await say(context, to="n440300")
        await say(context)
        assert await waiting == 1
        assert reads == [PUBLIC]


async def test_whoever_waits_is_woken_though_the_listening_connection_was_lost(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        waiting = asyncio.create_task(poll(client))
        await all_wait(context, PUBLIC, 1)
        async with context.database.transaction() as tx:
            ended = _LISTENING.replace("count(*)", "count(pg_terminate_backend(pid))")
            assert (await tx.execute(text(ended))).scalar() == 1
        await say(context)  # nobody listens at this moment
        assert await waiting == 1
