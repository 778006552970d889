"""Announce: an event becomes a row in the same transaction as the change that it tells of."""

from __future__ import annotations

from libs.common.database import Transaction, new_id
from libs.common.events.envelope import Event, partition_of, topic_of
from libs.common.telemetry import current_traceparent

_INSERT = """
INSERT INTO outbox (id, topic, partition, key, type, time, traceparent, data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def announce(tx: Transaction, event: Event, *, to: str | None = None) -> None:
    """Write one event to the outbox.

    Lock or update the aggregate first: only then do outbox numbers follow the order of commits for each key.
    """
    await announce_all(tx, [event], to=to)


async def announce_all(tx: Transaction, events: list[Event], *, to: str | None = None) -> None:
    """Write several events to the outbox, in order."""
    now, trace = tx.home.clock.now(), current_traceparent()
    rows = [
        (new_id(), topic_of(type(event), to), partition_of(event.key()), event.key(), event.TYPE, now, trace, event.model_dump_json())
        for event in events
    ]
    await (await tx.raw()).executemany(_INSERT, rows)
    tx.announced = tx.announced or bool(rows)
