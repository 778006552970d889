"""Parked events (搁置): a key waits behind its failed event until an operator has them tried again, in order, or discards them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg

from libs.common.database import Transaction
from libs.common.events.envelope import Envelope
from libs.common.events.records import Arrival

_PARK = """
INSERT INTO parked (id, topic, partition, key, type, time, traceparent, data, source, sequence, error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
# Waits for an operator who is replaying the key, and looks again after him: an event parked behind nothing would stay for ever.
_BLOCKED = """
SELECT count(*) FROM (
    SELECT FROM parked WHERE source = $1 AND topic = $2 AND key = $3 AND ended_at IS NULL ORDER BY place FOR SHARE
) open
"""
_NEXT = """
SELECT place, id, source, topic, partition, key, type, time, traceparent, data, sequence FROM parked
WHERE ended_at IS NULL AND place > $1 AND ($2::text IS NULL OR key = $2) ORDER BY place LIMIT 1
"""
_LOCK = "SELECT true FROM parked WHERE place = $1 AND ended_at IS NULL FOR UPDATE"


async def park(tx: Transaction, arrival: Arrival, error: str) -> None:
    """Keep an event that its handler refuses, or that stands behind one."""
    e = arrival.envelope
    await (await tx.raw()).execute(
        _PARK,
        e.id,
        e.topic,
        e.partition,
        e.key,
        e.type,
        e.time,
        e.traceparent,
        arrival.data,
        e.source,
        e.sequence,
        error,
    )


async def is_blocked(tx: Transaction, envelope: Envelope) -> bool:
    """Whether an earlier event of the key is still parked, once nobody is busy with it."""
    return bool(await (await tx.raw()).fetchval(_BLOCKED, envelope.source, envelope.topic, envelope.key))


async def next_parked(tx: Transaction, after: int, key: str | None) -> asyncpg.Record | None:
    """The next open one after a place."""
    return await (await tx.raw()).fetchrow(_NEXT, after, key)


async def lock(tx: Transaction, place: int) -> bool:
    """Take one for this transaction; false when it has ended meanwhile."""
    return bool(await (await tx.raw()).fetchval(_LOCK, place))


def arrival_of_row(row: asyncpg.Record) -> Arrival:
    """A parked event as it arrived."""
    identity: UUID = UUID(str(row["id"]))
    time: datetime = row["time"]
    envelope = Envelope(
        id=identity,
        source=row["source"],
        type=row["type"],
        time=time,
        topic=row["topic"],
        partition=row["partition"],
        sequence=row["sequence"],
        key=row["key"],
        traceparent=row["traceparent"],
    )
    return Arrival(envelope, row["data"])
