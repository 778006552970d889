"""What a service keeps of its events stands still in size; nothing goes before it was sent, and no subscriber loses any unknowingly."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from libs.common import housekeeping
from libs.common.access.reach import SERVICE as ALL_ROWS
from libs.common.api.feed import read_journal
from libs.common.api.pagination import after_number
from libs.common.database import Transaction
from libs.common.events.envelope import Envelope
from libs.common.housekeeping import forget
from libs.common.inbox import Arrival
from libs.common.kafka import create_topics, open_producer, topics_announced
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import Clock
from libs.common.outbox import announce
from libs.common.problems import Gone
from libs.common.relay import Relay
from libs.common.service import ServiceContext
from tests.integration.common.test_relay import fresh, read_sequences  # noqa: F401  a fixture
from tests.support.nodes import Nodes, client_of, token_of
from tests.support.sample import SERVICE, Counted, Told

DAY = timedelta(days=1)
# The trail is kept for ever, and the tally is the sample's own.
KEPT_FOR_EVER = {"audit", "audit_head", "audit_seal", "tally"}


class Calendar(Clock):
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2017, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def a_calendar(context: ServiceContext) -> Calendar:
    context.node.__dict__["clock"] = calendar = Calendar()
    return calendar


@asynccontextmanager
async def a_relay(context: ServiceContext, kafka: KafkaConnection) -> AsyncIterator[tuple[Relay, asyncpg.Connection]]:
    """The relay and the connection it works on, moved by hand."""
    topics = topics_announced(context.node, SERVICE.announces)
    await create_topics(kafka, topics)
    connection = await context.database.connect_raw()
    async with open_producer(kafka, topics) as producer:
        yield Relay(context.database, "sample", producer, context.metrics), connection
    await connection.close()


async def arrivals_after(connection: asyncpg.Connection, position: int) -> tuple[list[Arrival], int]:
    rows = await connection.fetch(
        "SELECT *, data::text AS text FROM journal WHERE position > $1 ORDER BY position", position
    )
    return [arrival_of(row) for row in rows], rows[-1]["position"] if rows else position


def arrival_of(row: asyncpg.Record) -> Arrival:
    names = ("id", "topic", "partition", "key", "type", "time", "sequence")
    return Arrival(Envelope(source="/n433124/sample", **{name: row[name] for name in names}), row["text"])


async def sizes(context: ServiceContext) -> dict[str, int]:
    async with context.database.transaction() as tx:
        names = {table.name for table in context.service.metadata.sorted_tables} - KEPT_FOR_EVER
        return {name: (await tx.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one() for name in sorted(names)}


@pytest.mark.usefixtures("fresh")
async def test_a_year_of_days_leaves_the_tables_as_large_as_half_a_year_did(
    nodes: Nodes, kafka: KafkaConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 7)
    context, position, seen = await nodes.open(SERVICE, kafka=kafka), 0, dict[int, dict[str, int]]()
    calendar = a_calendar(context)
    async with a_relay(context, kafka) as (relay, connection), client_of(context) as client:
        for day in range(366):
            client.headers["authorization"] = f"Bearer {token_of(context)}"
            for number in range(3):
                body, key = {"name": f"n{number}", "number": day}, {"Idempotency-Key": f"{day}-{number}"}
                assert (await client.post("/sample/v1/counts", json=body, headers=key)).status_code == 201
            await relay.step(connection)
            arrivals, position = await arrivals_after(connection, position)
            await context.inbox.receive(arrivals)
            await forget(context)
            if day in (182, 365):
                seen[day] = await sizes(context)
            calendar.at += DAY
        backlog = await _backlog(context)
    assert seen[365] == seen[182]
    assert (seen[182]["journal"], seen[182]["inbox"], seen[182]["idempotency"]) == (3 * 91, 3 * 92, 3 * 4)
    assert (backlog["announced"], backlog["handled"], backlog["unsent"]) == (3 * 366, 3 * 366, 0)


async def _backlog(context: ServiceContext) -> dict[str, int]:
    async with client_of(context, "operator") as operator:
        answer = await operator.get("/sample/v1/backlog")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def test_an_event_that_comes_again_after_it_was_forgotten_changes_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    calendar = a_calendar(context)
    first = [_arrival(context, 1), _arrival(context, 2)]
    await context.inbox.receive(first)
    calendar.at += (context.settings.inbox_days + 2) * DAY
    await forget(context)
    assert (await sizes(context))["inbox"] == 0
    await context.inbox.receive(first)
    await context.inbox.receive([_arrival(context, 3)])
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT count FROM tally"))).scalar_one() == 3


async def test_what_a_partner_announced_long_ago_and_comes_only_now_is_handled(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    calendar = a_calendar(context)
    late = [_arrival(context, 1), _arrival(context, 2)]
    calendar.at += 200 * DAY
    await context.inbox.receive(late)
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT count FROM tally"))).scalar_one() == 2


async def test_an_old_event_that_fills_a_gap_is_handled_and_one_beside_the_gap_is_not(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    calendar = a_calendar(context)
    first, missing, third = (_arrival(context, sequence) for sequence in (1, 2, 3))
    await context.inbox.receive([first, third])
    calendar.at += 200 * DAY
    await forget(context)
    await context.inbox.receive([first, missing, third])
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT count FROM tally"))).scalar_one() == 3


def _arrival(context: ServiceContext, sequence: int) -> Arrival:
    envelope = Envelope(
        id=uuid4(),
        source="/n440300/sample",
        type=Counted.TYPE,
        time=context.node.clock.now(),
        topic="public.sample.tally",
        partition=0,
        sequence=sequence,
        key="a",
    )
    return Arrival(envelope, '{"name": "a", "number": 1}')


@dataclass
class Subscriber:
    """Reads one topic of the feed now and then, from before anything was announced; knows the last sequence of each partition."""

    context: ServiceContext
    topic: str
    after: int = 0
    last: dict[int, int] = field(default_factory=dict)
    refused: int = 0

    async def read(self, limit: int) -> None:
        try:
            rows = await read_journal(self.context, self.topic, self.after, limit, ALL_ROWS)
        except Gone as gone:
            return await self._begin_again(after_number(gone.headers["X-Next-After"], self.topic))
        for row in rows:
            expected = self.last.get(row["partition"], 0 if not self.refused else row["sequence"] - 1) + 1
            assert row["sequence"] == expected, "a hole that nobody was told of"
            self._take(row)

    async def _begin_again(self, earliest: int) -> None:
        self.refused += 1
        first = await read_journal(self.context, self.topic, earliest, 1000, ALL_ROWS)
        again = await read_journal(self.context, self.topic, None, 1000, ALL_ROWS)
        assert [row["position"] for row in first] == [row["position"] for row in again]
        self.after, self.last = earliest, {}  # it was told, and takes each partition from where it is
        for row in first:
            self._take(row)

    def _take(self, row: asyncpg.Record) -> None:
        self.last[row["partition"]], self.after = row["sequence"], row["position"]


async def announce_some(tx: Transaction, dice: random.Random) -> None:
    for _ in range(dice.randrange(4)):
        name, number = f"k{dice.randrange(4)}", dice.randrange(100)
        addressed = dice.random() < 0.3
        event = Told(name=name, number=number) if addressed else Counted(name=name, number=number)
        await announce(tx, event, to="n433124" if addressed else None)


@pytest.mark.parametrize("seed", range(4))
async def test_trimming_at_any_moment_loses_nothing_unsent_and_a_cursor_goes_on_exactly_or_is_refused(
    nodes: Nodes,
    kafka: KafkaConnection,
    fresh: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    dice, context = random.Random(seed), await nodes.open(SERVICE, kafka=kafka, journal_days=1)
    calendar, topics = a_calendar(context), [f"public.{fresh}", f"to.n433124.{fresh}"]
    subscribers = [Subscriber(context, topic) for topic in topics for _ in range(3)]
    async with a_relay(context, kafka) as (relay, connection):
        for _ in range(400):
            monkeypatch.setattr(housekeeping, "BATCH", dice.choice([1, 2, 50]))
            calendar.at += timedelta(hours=dice.choice([0, 1, 5]))
            match dice.choice(["announce", "announce", "drain", "send", "forget", "roll back", "read", "read"]):
                case "announce":
                    async with context.database.transaction() as tx:
                        await announce_some(tx, dice)
                case "drain":
                    await relay.journal.drain(connection, dice.choice([1, 3, 100]))
                case "send":
                    await relay.publish(connection)
                case "forget":
                    await forget(context)
                case "roll back":
                    transaction = connection.transaction()
                    await transaction.start()
                    await relay.journal.drain(connection, 100)
                    await transaction.rollback()
                case "read":
                    await dice.choice(subscribers).read(dice.choice([1, 5, 100]))
        while await relay.step(connection):
            pass
        heads = await connection.fetch("SELECT topic, partition, last FROM journal_head")
    for subscriber in subscribers:
        await subscriber.read(1000)
        await subscriber.read(1000)
    assert sum(subscriber.refused for subscriber in subscribers) > 0
    for one in subscribers:
        known = {row["partition"]: row["last"] for row in heads if row["topic"] == one.topic}
        assert {partition: known[partition] for partition in one.last} == one.last
    for topic in topics:
        announced = sum(row["last"] for row in heads if row["topic"] == topic)
        assert len(await read_sequences(kafka, topic, announced)) == announced
