"""Announce: an event becomes a row in the same transaction as the change that it tells of."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.database import Transaction, new_id
from libs.common.events.canonical import check_canonical
from libs.common.events.envelope import Event, partition_of, topic_of
from libs.common.telemetry import current_traceparent

# What the relay is woken by.
OUTBOX = "outbox"

# One statement for any number of events; they are numbered in the order in which they are given.
_INSERT = """
INSERT INTO outbox (id, topic, partition, key, type, time, traceparent, data)
SELECT id, topic, partition, key, type, $1, $2, data::jsonb
FROM unnest($3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::text[])
     WITH ORDINALITY AS event (id, topic, partition, key, type, data, place)
ORDER BY place
"""


async def announce(tx: Transaction, event: Event, *, to: str | None = None) -> None:
    """Write one event to the outbox.

    Lock or update the aggregate first: only then do outbox numbers follow the order of commits for each key.
    """
    await announce_all(tx, [event], to=to)


async def announce_all(tx: Transaction, events: Sequence[Event], *, to: str | None = None) -> None:
    """Write several events to the outbox, in order; raises NotCanonical where the data could not be signed as it is meant."""
    if not events:
        return
    keys, data = [event.key() for event in events], [event.model_dump_json() for event in events]
    for text in data:
        check_canonical(text)
    told = (
        [new_id() for _ in events],
        [topic_of(type(event), to) for event in events],
        [partition_of(key) for key in keys],
        keys,
        [event.TYPE for event in events],
        data,
    )
    await (await tx.raw()).execute(_INSERT, tx.node.clock.now(), current_traceparent(), *told)
    tx.hint(OUTBOX)
