"""Poison never stops a partition: whatever stands on a real broker, the good events are applied once in order, the rest is kept."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.events.envelope import Envelope, partition_of
from libs.common.events.records import Record
from libs.common.inbox import Inbox
from libs.common.kafka import Consumer, create_topics
from libs.common.kafka_connection import KafkaConnection
from libs.common.service import ServiceContext
from tests.support import eventually
from tests.support.nodes import Nodes, client_of
from tests.support.poison import a_mutation, a_record, objects, removed_afterwards, send, send_broken
from tests.support.sample import SERVICE, Counted

GOOD = ("石", "龙", "麻")


async def on_counted_in_order(tx: Transaction, event: Counted, _: Envelope) -> None:
    """The number of an event is how many of its name came before it; anything else is parked."""
    query = text(
        "INSERT INTO sample.tally VALUES (:name, 1) ON CONFLICT (name) DO UPDATE SET count = tally.count + 1 RETURNING count"
    )
    count = (await tx.execute(query, {"name": event.name})).scalar_one()
    if event.number != count - 1:
        raise ValueError(f"number {event.number} is not {count - 1}")


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> str:
    """Topics of one test are its own: the broker is shared."""
    monkeypatch.setattr(Counted, "AGGREGATE", f"sample.t{random.getrandbits(40):x}")
    return f"public.{Counted.AGGREGATE}"


@asynccontextmanager
async def consuming(context: ServiceContext, kafka: KafkaConnection, topic: str) -> AsyncIterator[asyncio.Task[None]]:
    inbox = Inbox(context.database, {Counted: on_counted_in_order}, context.metrics)
    task = asyncio.create_task(Consumer(kafka, topic, context.node, [topic], inbox).run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def counted(context: ServiceContext, query: str) -> int:
    async with context.database.reading() as tx:
        return int((await tx.execute(text(query))).scalar_one())


async def all_kept(context: ServiceContext, sent: int) -> bool:
    """Every record is either an event that has arrived or a dead letter."""
    return await counted(context, "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM dead_letter)") == sent


@st.composite
def a_stream(draw: st.DrawFn) -> list[tuple[str, int | None]]:
    """Good names and, among them, places for poison."""
    names = draw(st.lists(st.sampled_from((*GOOD, "poison", "poison", "poison")), min_size=20, max_size=60))
    return [(name, names[:place].count(name) if name in GOOD else None) for place, name in enumerate(names)]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_good_events_among_any_others_are_applied_once_in_order(
    nodes: Nodes, kafka: KafkaConnection, data: st.DataObject
) -> None:
    context = await nodes.open(SERVICE)
    stream, topic = data.draw(a_stream()), f"public.sample.t{random.getrandbits(40):x}"
    records, sequences, bent = list[Record](), [0, 0], 0
    for place, (name, number) in enumerate(stream):
        key = f"poison{place}" if number is None else name
        sequences[partition_of(key)] += 1
        nonsense = json.dumps(data.draw(objects)) if number is None and data.draw(st.booleans()) else None
        good = a_record(topic, context.node, key, number or 0, sequences[partition_of(key)], data=nonsense)
        records.append(good if number is not None or nonsense else data.draw(a_mutation(good)))
        bent += records[-1] != good
    await deliver(context, kafka, topic, records)
    expected = {name: sum(name == one for one, _ in stream) for name in GOOD}
    async with context.database.reading() as tx:
        tally = {row.name: row.count for row in await tx.execute(text("SELECT name, count FROM sample.tally"))}
        parked = (await tx.execute(text("SELECT key FROM parked"))).scalars().all()
    assert tally == {name: number for name, number in expected.items() if number}
    assert not set(parked) & set(GOOD)
    assert await counted(context, "SELECT count(*) FROM dead_letter") == bent


async def deliver(context: ServiceContext, kafka: KafkaConnection, topic: str, records: Sequence[Record]) -> None:
    """Onto the broker and through the consumer, which must be alive at the end."""
    aggregate = Counted.AGGREGATE
    Counted.AGGREGATE = topic.removeprefix("public.")
    try:
        await create_topics(kafka, [topic])
        async with AIOKafkaProducer(**kafka.client(), enable_idempotence=True, max_request_size=1_000_000) as producer:
            await send(producer, records)
        async with consuming(context, kafka, topic) as task:
            await eventually(lambda: all_kept(context, len(records)))
            assert not task.done()
    finally:
        Counted.AGGREGATE = aggregate


async def test_a_record_that_the_client_cannot_take_apart_is_passed_over(
    nodes: Nodes, kafka: KafkaConnection, topic: str
) -> None:
    context = await nodes.open(SERVICE)
    async with removed_afterwards(kafka, topic):
        await pass_over(context, kafka, topic)


async def pass_over(context: ServiceContext, kafka: KafkaConnection, topic: str) -> None:
    good = [a_record(topic, context.node, "石", number, number + 1) for number in range(3)]
    async with AIOKafkaProducer(**kafka.client()) as producer:
        await send(producer, good[:1])
        await send_broken(producer, topic, good[0].partition)
        await send(producer, good[1:])
    async with consuming(context, kafka, topic) as task:
        await eventually(lambda: all_kept(context, 4))
        assert not task.done()
    assert await counted(context, "SELECT count FROM sample.tally") == 3
    async with client_of(context, "operator") as operator:
        (letter,) = (await operator.get("/sample/v1/dead-letters")).json()["items"]
    assert (letter["reason"], letter["offset"], letter["origin"]) == ("broken", 1, "n433124")
