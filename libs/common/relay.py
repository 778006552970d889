"""From outbox to journal to Kafka: one relay for each service database, which repeats after a crash and never loses."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import asyncpg
from opentelemetry.trace import SpanKind

from libs.common.events.envelope import source_of
from libs.common.events.signatures import attributes_of
from libs.common.node import NodeContext
from libs.common.outbox import OUTBOX
from libs.common.pools import Database
from libs.common.telemetry import Metrics, log, span

BATCH = 1000
IDLE_SECONDS = 1.0

# Takes every outbox row it can see, in order, and gives each a dense sequence in its topic and partition. There is no
# cursor over the outbox that a late commit could fall behind: a row that was not visible is simply taken next time.
_TAKE = """
WITH drained AS (
    DELETE FROM outbox WHERE seq = ANY(ARRAY(SELECT seq FROM outbox ORDER BY seq LIMIT $1)) RETURNING *
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY topic, partition ORDER BY seq) AS nth, row_number() OVER (ORDER BY seq) AS place
    FROM drained
), heads AS (
    INSERT INTO journal_head AS head (topic, partition, last)
    SELECT topic, partition, count(*) FROM drained GROUP BY topic, partition
    ON CONFLICT (topic, partition) DO UPDATE SET last = head.last + excluded.last
    RETURNING topic, partition, last
), sizes AS (
    SELECT topic, partition, count(*) AS size FROM drained GROUP BY topic, partition
)
SELECT id, topic, partition, key, type, time, traceparent, data::text AS data, heads.last - sizes.size + nth AS sequence
FROM numbered JOIN heads USING (topic, partition) JOIN sizes USING (topic, partition)
ORDER BY place
"""
# Positions are given at the insert, from a sequence of their own: they grow however much of the journal has gone. Whoever drains
# holds the relay's lock on this same connection, so of two that drain none commits behind the other's back.
_JOURNAL = ("id", "topic", "partition", "key", "type", "time", "traceparent", "data", "sequence")
_COLUMNS = (*_JOURNAL, "signature", "keyid")
# Not by COPY, which PostgreSQL refuses where rows are guarded.
_ENTER = (
    f"INSERT INTO journal ({', '.join(_COLUMNS)}) VALUES ({', '.join(f'${n}' for n in range(1, len(_COLUMNS) + 1))})"
)
_UNSIGNED = f"SELECT position, {', '.join(_JOURNAL[:-2])}, data::text AS data, sequence FROM journal WHERE signature IS NULL ORDER BY position LIMIT $1"
_SIGN = "UPDATE journal SET signature = $2, keyid = $3 WHERE position = $1"
_UNSENT = """
SELECT position, id, topic, partition, key, type, time, traceparent, data::text AS data, sequence, signature, keyid FROM journal
WHERE position > coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0) ORDER BY position LIMIT $1
"""
_MOVE = """
INSERT INTO relay_cursor (name, position) VALUES ('kafka', $1) ON CONFLICT (name) DO UPDATE SET position = excluded.position
"""
# After the commit, on the relay's own connection: whoever waits at the feed for one of these topics is woken.
_TELL = "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic"
_OLDEST = """
SELECT extract(epoch FROM now() - min(time)) FROM (
    SELECT time FROM outbox UNION ALL
    SELECT time FROM journal WHERE position > coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0)
) unsent
"""


def heard_on(schema: str) -> str:
    """The channel on which the topics of what has come into a journal are told."""
    return f"journal_{schema}"


class Producer(Protocol):
    """What the relay needs of a Kafka producer: `send` answers with a future of the acknowledgement."""

    async def send(self, topic: str, **record: Any) -> asyncio.Future[Any]: ...


class Journal:
    """What a service has announced, numbered and signed in the transaction that takes it out of the outbox."""

    def __init__(self, node: NodeContext, service: str):
        self.source = source_of(node.id, service)
        self.announcer = node.announcer
        self.schema = service

    async def drain(self, connection: asyncpg.Connection[Any], limit: int) -> int:
        """Move so many events from the outbox into the journal; answers how many moved."""
        async with connection.transaction():
            rows = await connection.fetch(_TAKE, limit)
            signed = [
                (*row.values(), await self.sign(row, place), self.announcer.keyid) for place, row in enumerate(rows)
            ]
            if signed:
                await connection.executemany(_ENTER, signed)
        if rows:
            await connection.execute(_TELL, heard_on(self.schema), sorted({row["topic"] for row in rows}))
        return len(rows)

    async def sign_old(self, connection: asyncpg.Connection[Any]) -> None:
        """Sign what was announced before there were signatures, for those who read the feed."""
        while rows := await connection.fetch(_UNSIGNED, BATCH):
            signed = [
                (row["position"], await self.sign(row, place), self.announcer.keyid) for place, row in enumerate(rows)
            ]
            await connection.executemany(_SIGN, signed)

    async def sign(self, row: asyncpg.Record, place: int) -> str:
        """The signature of a row; now and then the loop is let go on."""
        if place % 50 == 49:
            await asyncio.sleep(0)
        return self.announcer.sign(attributes_of_row(row, self.source), row["data"])


def attributes_of_row(row: asyncpg.Record, source: str) -> dict[str, Any]:
    """The attributes of a journal row, as they are signed and as a line of the feed has them."""
    return attributes_of(
        id=str(row["id"]),
        source=source,
        type=row["type"],
        time=row["time"].isoformat(),
        topic=row["topic"],
        partition=row["partition"],
        partitionkey=row["key"],
        sequence=str(row["sequence"]),
        traceparent=row["traceparent"],
    )


class Relay:
    """Drains and publishes while it holds the service's advisory lock; a NOTIFY wakes it, a slow poll is the guarantee."""

    def __init__(self, database: Database, service: str, producer: Producer, metrics: Metrics):
        self.database = database
        self.journal = Journal(database.node, service)
        self.producer = producer
        self.metrics = metrics
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; a lost database or broker raises, and the runtime starts it again."""
        connection = await self.database.connect_raw()
        try:
            await self._take_lock(connection)
            await self.journal.sign_old(connection)
            await connection.add_listener(self.database.channel(OUTBOX), lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                if not await self.step(connection):
                    await self._rest(connection)
        finally:
            connection.terminate()

    async def step(self, connection: asyncpg.Connection[Any]) -> int:
        """One drain and one publication; answers how many events moved."""
        return await self.journal.drain(connection, BATCH) + await self.publish(connection)

    async def publish(self, connection: asyncpg.Connection[Any]) -> int:
        """Send the journal after the cursor, wait for every acknowledgement, then move the cursor."""
        rows = await connection.fetch(_UNSENT, BATCH)
        if rows:
            with span("publish", SpanKind.PRODUCER, events=len(rows)):
                # `send` from this one task keeps the order; the futures are the acknowledgements
                await asyncio.gather(*[await self._send(row) for row in rows])
            await connection.execute(_MOVE, rows[-1]["position"])
        return len(rows)

    async def _send(self, row: asyncpg.Record) -> asyncio.Future[Any]:
        headers = headers_of(row, self.journal.source)
        return await self.producer.send(
            row["topic"],
            value=row["data"].encode(),
            key=row["key"].encode(),
            partition=row["partition"],
            headers=headers,
        )

    async def _take_lock(self, connection: asyncpg.Connection[Any]) -> None:
        query = "SELECT pg_try_advisory_lock(hashtext('relay'), hashtext($1))"
        while not await connection.fetchval(query, self.database.schema):  # noqa: ASYNC110  the holder may be another process
            await asyncio.sleep(IDLE_SECONDS)
        log.info("relay_began", source=self.journal.source)

    async def _rest(self, connection: asyncpg.Connection[Any]) -> None:
        age = await connection.fetchval(_OLDEST)
        self.metrics.outbox_age.labels(self.metrics.service).set(float(age or 0))
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return


def headers_of(row: asyncpg.Record, source: str) -> list[tuple[str, bytes]]:
    """CloudEvents 1.0 in binary mode: the attributes of a journal row as Kafka headers."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": row["id"],
        "ce_source": source,
        "ce_type": row["type"],
        "ce_time": row["time"].isoformat(),
        "ce_partitionkey": row["key"],
        "ce_sequence": row["sequence"],
        "ce_traceparent": row["traceparent"],
        "ce_signature": row["signature"],
        "ce_keyid": row["keyid"],
        "content-type": "application/json",
    }
    return [(name, str(value).encode()) for name, value in attributes.items() if value is not None]
