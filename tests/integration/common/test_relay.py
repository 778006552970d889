"""From outbox to a real broker and into another node's inbox; the drain beside the readers that are known to fail."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer
from sqlalchemy import text

from libs.common.kafka import Consumer, create_topics, open_producer, topics_announced, topics_read
from libs.common.kafka_connection import KafkaConnection
from libs.common.outbox import announce
from libs.common.relay import Journal, Relay
from libs.common.service import ServiceContext
from libs.common.workers import work
from tests.support import eventually
from tests.support.nodes import Nodes
from tests.support.poison import a_record, send
from tests.support.sample import SERVICE, Counted, Told


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> str:
    """Topics of one test are its own: the broker is shared."""
    aggregate = f"sample.t{random.getrandbits(40):x}"
    for event in (Counted, Told):
        monkeypatch.setattr(event, "AGGREGATE", aggregate)
    return aggregate


async def write(context: ServiceContext, name: str, numbers: range, *, to: str | None = None) -> None:
    for number in numbers:
        async with context.database.transaction() as tx:
            await announce(tx, Told(name=name, number=number) if to else Counted(name=name, number=number), to=to)


async def tally(context: ServiceContext) -> dict[str, int]:
    async with context.database.reading() as tx:
        return {row.name: row.count for row in await tx.execute(text("SELECT name, count FROM sample.tally"))}


async def run_for_a_while(*contexts: ServiceContext) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(work(context)) for context in contexts]


async def stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_an_announced_event_reaches_the_offices_of_its_own_node_over_kafka(
    nodes: Nodes, kafka: KafkaConnection, fresh: str
) -> None:
    context = await nodes.open(SERVICE, kafka=kafka)
    tasks = await run_for_a_while(context)
    try:
        await write(context, "a", range(20))
        await write(context, "b", range(5), to="n433124")

        async def all_counted() -> bool:
            return await tally(context) == {"a": 20, "b": 5}

        await eventually(all_counted)
    finally:
        await stop(tasks)


async def test_a_mirrored_topic_holding_somebody_elses_event_is_refused(
    nodes: Nodes, kafka: KafkaConnection, fresh: str
) -> None:
    context = await nodes.open(SERVICE, "n433124", kafka=kafka)
    topics = topics_read(context.node, [Counted])
    await create_topics(kafka, topics)
    async with open_producer(kafka, topics_announced(context.node, SERVICE.announces)) as producer:
        mirrored, city = f"n440300__public.{fresh}", (await nodes.open(SERVICE, "n440300")).node
        await send(
            producer,
            [a_record(mirrored, city, "true", 1, 1), a_record(mirrored, city, "false", 1, 2, source="/n430100/sample")],
        )
    consumer = Consumer(kafka, f"sample{fresh}", context.node, topics, context.inbox)
    task = asyncio.create_task(consumer.run())
    try:

        async def the_true_one_came() -> bool:
            return await tally(context) == {"true": 1}

        await eventually(the_true_one_came)
    finally:
        await stop([task])
    assert context.metrics.refused.labels("sample", "false_source")._value.get() == 1


async def test_a_relay_that_died_after_sending_sends_again_and_loses_nothing(
    nodes: Nodes, kafka: KafkaConnection, fresh: str
) -> None:
    context = await nodes.open(SERVICE, kafka=kafka)
    await create_topics(kafka, topics_announced(context.node, [Counted]))
    await write(context, "a", range(30))
    connection = await context.database.connect_raw()
    async with open_producer(kafka, topics_announced(context.node, SERVICE.announces)) as producer:
        relay = Relay(context.database, "sample", producer, context.metrics)
        await relay.journal.drain(connection, 1000)
        for row in await connection.fetch("SELECT *, data::text AS data FROM journal ORDER BY position"):
            await (await relay._send(row))  # sent, but the cursor did not move: the process died here
        await relay.step(connection)
    await connection.close()
    sequences = await read_sequences(kafka, f"public.{fresh}", 60)
    assert Counter(sequences) == Counter(list(range(1, 31)) * 2)


async def read_sequences(kafka: KafkaConnection, topic: str, count: int) -> list[int]:
    consumer = AIOKafkaConsumer(topic, **kafka.client(), auto_offset_reset="earliest")
    await consumer.start()
    try:
        return [int(dict((await consumer.getone()).headers)["ce_sequence"]) for _ in range(count)]
    finally:
        await consumer.stop()


# --- which reader of an outbox is right? The harness must catch the ones that are known to fail --------------


async def _writers(context: ServiceContext, keys: int, each: int) -> dict[str, int]:
    """Concurrent transactions that number the events of each key under its lock, with delays and rollbacks."""
    dice = random.Random(7)

    async def one(connection: asyncpg.Connection[asyncpg.Record]) -> None:
        for _ in range(each):
            key, abort = f"k{dice.randrange(keys)}", dice.random() < 0.1
            transaction = connection.transaction()
            await transaction.start()
            number = await connection.fetchval(
                "INSERT INTO sample.tally VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET count = tally.count + 1 RETURNING count",
                key,
            )
            await connection.execute(
                "INSERT INTO sample.outbox (id, topic, partition, key, type, data) VALUES (gen_random_uuid(), 't', 0, $1, 't', $2)",
                key,
                f'{{"n": {number}}}',
            )
            await asyncio.sleep(dice.random() * 0.01)
            await (transaction.rollback() if abort else transaction.commit())

    connections = [await context.database.connect_raw() for _ in range(12)]
    await asyncio.gather(*map(one, connections))
    await asyncio.gather(*[connection.close() for connection in connections])
    return await tally(context)


def faults(read: list[tuple[str, int]], written: dict[str, int]) -> tuple[int, int]:
    """Events lost, and events out of the order of their key."""
    lost = sum(written.values()) - len(set(read))
    last: Counter[str] = Counter()
    disordered = 0
    for key, number in read:
        disordered += number < last[key]
        last[key] = max(last[key], number)
    return lost, disordered


async def test_the_drain_loses_nothing_and_keeps_the_order_of_every_key(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    journal, reader = Journal(context.node, "sample"), await context.database.connect_raw()
    writing = asyncio.create_task(_writers(context, keys=10, each=30))
    while not writing.done():
        await journal.drain(reader, 50)
        await asyncio.sleep(0.001)
    await journal.drain(reader, 100_000)
    rows = await reader.fetch("SELECT key, (data->>'n')::int AS n FROM journal ORDER BY position")
    await reader.close()
    assert faults([(row["key"], row["n"]) for row in rows], await writing) == (0, 0)


async def test_a_cursor_over_the_outbox_loses_events_under_the_same_load(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    reader = await context.database.connect_raw()
    writing = asyncio.create_task(_writers(context, keys=10, each=30))
    read: list[tuple[str, int]] = []
    last = 0

    async def follow() -> None:
        nonlocal last
        for row in await reader.fetch(
            "SELECT seq, key, (data->>'n')::int AS n FROM outbox WHERE seq > $1 ORDER BY seq", last
        ):
            read.append((row["key"], row["n"]))
            last = row["seq"]

    while not writing.done():
        await follow()
        await asyncio.sleep(0.001)
    await follow()
    await reader.close()
    lost, _ = faults(read, await writing)
    assert lost > 0


async def test_a_topic_that_is_new_does_not_make_the_producer_forget_another(
    kafka: KafkaConnection, fresh: str
) -> None:
    known, later = f"public.{fresh}", f"public.{fresh}.later"
    await create_topics(kafka, [known])
    async with open_producer(kafka, [known]) as producer:
        await create_topics(kafka, [later])
        await producer.send_and_wait(later, b"new", partition=0)
        assert producer.client.cluster.partitions_for_topic(known) == {0, 1}
        await asyncio.wait_for(producer.send_and_wait(known, b"known", partition=1), 10)
