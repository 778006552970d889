"""Events are handled once, gaps are seen, and a key that keeps failing is parked without stopping the others."""

from __future__ import annotations

import random
from dataclasses import replace

from sqlalchemy import text

from libs.common.inbox import Arrival
from libs.common.outbox import announce
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, announced, client_of
from tests.support.sample import SERVICE, Counted


async def count(context: ServiceContext, *names: str) -> list[Arrival]:
    async with context.database.transaction() as tx:
        for number, name in enumerate(names):
            await announce(tx, Counted(name=name, number=number))
    return [arrival for arrival, _ in await announced(context)]


async def tally(context: ServiceContext) -> dict[str, int]:
    async with context.database.reading() as tx:
        return {row.name: row.count for row in await tx.execute(text("SELECT name, count FROM sample.tally"))}


async def rows(context: ServiceContext, query: str) -> list[tuple[object, ...]]:
    async with context.database.reading() as tx:
        return [tuple(row) for row in await tx.execute(text(query))]


async def test_a_repeated_event_changes_nothing(nodes: Nodes) -> None:
    sender, receiver = await nodes.open(SERVICE, "n440300"), await nodes.open(SERVICE, "n433124")
    events = await count(sender, *"abcab")
    await receiver.inbox.receive(events)
    random.Random(1).shuffle(events)
    await receiver.inbox.receive(events)
    assert await tally(receiver) == {"a": 2, "b": 2, "c": 1}


async def test_sequences_are_dense_for_each_topic_and_partition(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    for _ in range(3):
        events = await count(context, *"abcdefgh")
    seen: dict[int, list[int]] = {}
    for event in events:
        seen.setdefault(event.envelope.partition, []).append(event.envelope.sequence)
    assert len(seen) == 2
    assert all(sequence == list(range(1, len(sequence) + 1)) for sequence in seen.values())


async def test_a_hole_in_a_sequence_is_seen_and_kept(nodes: Nodes) -> None:
    sender, receiver = await nodes.open(SERVICE, "n440300"), await nodes.open(SERVICE, "n433124")
    events = await count(sender, *["a"] * 5)
    await receiver.inbox.receive([events[0], events[3], events[4]])
    assert await rows(receiver, "SELECT first, last FROM sample.gap") == [(2, 3)]
    async with client_of(receiver, "operator") as operator:
        assert (await operator.get("/sample/v1/backlog")).json()["gaps"] == 1


async def test_a_failing_key_is_parked_and_the_others_go_on(nodes: Nodes) -> None:
    sender, receiver = await nodes.open(SERVICE, "n440300"), await nodes.open(SERVICE, "n433124")
    await receiver.inbox.receive(await count(sender, "a", "poison", "b", "poison", "a"))
    assert await tally(receiver) == {"a": 2, "b": 1}
    parked = await rows(receiver, "SELECT key, error FROM sample.parked ORDER BY place")
    assert parked == [("poison", "ValueError: poisoned"), ("poison", "an earlier event of this key is parked")]


async def test_parked_events_are_replayed_in_order_once_the_cause_is_gone(nodes: Nodes) -> None:
    sender, receiver = await nodes.open(SERVICE, "n440300"), await nodes.open(SERVICE, "n433124")
    await receiver.inbox.receive(await count(sender, "poison", "poison"))
    async with client_of(receiver, "operator") as operator:
        assert (await operator.post("/sample/v1/parked/replay")).json() == {"handled": 0}
        async with receiver.database.transaction() as tx:
            await tx.execute(text("INSERT INTO sample.tally VALUES ('cure', 1)"))
        assert (await operator.post("/sample/v1/parked/replay")).json() == {"handled": 2}
        assert (await operator.get("/sample/v1/backlog")).json()["parked"] == 0
    assert await tally(receiver) == {"cure": 1, "poison": 2}


async def test_an_unreadable_event_is_parked_at_once(nodes: Nodes) -> None:
    sender, receiver = await nodes.open(SERVICE, "n440300"), await nodes.open(SERVICE, "n433124")
    (event,) = await count(sender, "a")
    await receiver.inbox.receive([replace(event, data='{"name": 1}')])
    assert len(await rows(receiver, "SELECT 1 FROM sample.parked")) == 1
