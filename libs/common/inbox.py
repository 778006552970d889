"""Once: an event's arrival, its effects and the position in one transaction; a key that keeps failing is parked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError

from libs.common.database import Database, Transaction
from libs.common.events.envelope import Envelope, Event
from libs.common.telemetry import Metrics, continue_trace, log

Handler = Callable[[Transaction, Any, Envelope], Awaitable[None]]
Subscriptions = dict[type[Event], Handler]

ATTEMPTS = 3
# The first pause is also what a concurrent writer of the same row is given to finish.
BACKOFF_SECONDS = 0.2

# Whether the event is new, the last sequence of its partition before it, and whether an event of its key is parked. The
# position moves only with a new event, and `last` is locked first, so two readers of a partition see each other's events.
_ARRIVE = """
WITH arrived AS (
    INSERT INTO inbox (source, id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true
), last AS MATERIALIZED (
    SELECT sequence FROM received WHERE source = $1 AND topic = $3 AND partition = $4 FOR UPDATE
), advanced AS (
    INSERT INTO received AS seen (source, topic, partition, sequence, events)
    SELECT $1, $3, $4, greatest($5, (SELECT sequence FROM last)), 1 FROM arrived
    ON CONFLICT (source, topic, partition) DO UPDATE
    SET sequence = greatest(seen.sequence, excluded.sequence), events = seen.events + 1, received_at = now()
)
SELECT EXISTS (SELECT FROM arrived) AS is_new, coalesce((SELECT sequence FROM last), 0) AS last,
       EXISTS (SELECT FROM parked WHERE source = $1 AND topic = $3 AND key = $6) AS is_parked
"""
_GAP = 'INSERT INTO gap (source, topic, partition, "first", "last") VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING'
_PARK = """
INSERT INTO parked (id, topic, partition, key, type, time, traceparent, data, source, sequence, error)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_PARKED = "SELECT place, id, source, topic, partition, key, type, time, traceparent, data::text AS data, sequence FROM parked WHERE ($1::text IS NULL OR key = $1) ORDER BY place"


@dataclass(frozen=True)
class Arrival:
    """One event as it came off the broker: the envelope and the bytes of its data."""

    envelope: Envelope
    data: str


class Inbox:
    """Hands events to a service's handlers, each once."""

    def __init__(self, database: Database, subscriptions: Subscriptions, metrics: Metrics):
        self.database = database
        self.metrics = metrics
        self._handlers = {event.TYPE: (event, handler) for event, handler in subscriptions.items()}

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Handle a batch in one transaction; if it fails, each event alone, so that one bad event stops only its key."""
        try:
            async with self.database.transaction() as tx:
                for arrival in arrivals:
                    await self.handle(tx, arrival)
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("batch_failed", events=len(arrivals), error=type(error).__name__)
            for arrival in arrivals:
                await self._receive_alone(arrival)

    async def handle(self, tx: Transaction, arrival: Arrival) -> None:
        """Arrival, position and effects of one event, in the caller's transaction."""
        is_new, is_parked = await self._arrive(tx, arrival.envelope)
        if not is_new:
            self.metrics.repeated.labels(self.metrics.service).inc()
        elif is_parked:
            await self._park(tx, arrival, "an earlier event of this key is parked")
        elif arrival.envelope.type in self._handlers:
            await self._apply(tx, arrival)

    async def replay(self, key: str | None = None) -> int:
        """Try parked events again, in order (of one key, or of all); answers how many were handled."""
        async with self.database.reading() as tx:
            rows = await (await tx.raw()).fetch(_PARKED, key)
        handled, failed = 0, set[tuple[str, str, str]]()
        for row in rows:
            where = (row["source"], row["topic"], row["key"])
            if where not in failed:
                done = await self._replay_row(row)
                handled += done
                failed |= set() if done else {where}
        return handled

    async def _apply(self, tx: Transaction, arrival: Arrival) -> None:
        event, handler = self._handlers[arrival.envelope.type]
        continue_trace(arrival.envelope.traceparent)
        await handler(tx, event.model_validate_json(arrival.data), arrival.envelope)
        self.metrics.handled.labels(self.metrics.service, arrival.envelope.type).inc()

    async def _receive_alone(self, arrival: Arrival) -> None:
        error: Exception | None = None
        for attempt in range(ATTEMPTS):
            try:
                async with self.database.transaction() as tx:
                    return await self.handle(tx, arrival)
            except Exception as failure:
                if is_transient(failure):
                    raise
                error = failure
                if isinstance(failure, ValidationError):
                    break
                await asyncio.sleep(BACKOFF_SECONDS * 3**attempt)
        log.error("parked", type=arrival.envelope.type, key=arrival.envelope.key, exc_info=error)
        async with self.database.transaction() as tx:
            is_new, _ = await self._arrive(tx, arrival.envelope)
            if is_new:
                await self._park(tx, arrival, f"{type(error).__name__}: {error}"[:2000])

    async def _replay_row(self, row: asyncpg.Record) -> bool:
        arrival = Arrival(envelope_of_row(row), row["data"])
        try:
            async with self.database.transaction() as tx:
                await self._apply(tx, arrival)
                await (await tx.raw()).execute("DELETE FROM parked WHERE place = $1", row["place"])
        except Exception as error:
            if is_transient(error):
                raise
            log.error("replay_failed", type=row["type"], key=row["key"], exc_info=error)
            return False
        return True

    async def _arrive(self, tx: Transaction, envelope: Envelope) -> tuple[bool, bool]:
        """Whether the event is new here, and whether its key is parked; tells of a gap before it."""
        connection, where = await tx.raw(), (envelope.source, envelope.topic, envelope.partition)
        row = await connection.fetchrow(_ARRIVE, envelope.source, envelope.id, *where[1:], envelope.sequence, envelope.key)
        assert row is not None
        if row["is_new"] and envelope.sequence > row["last"] + 1:
            self.metrics.gaps.labels(self.metrics.service).inc()
            log.error("sequence_gap", source=envelope.source, topic=envelope.topic, first=row["last"] + 1, last=envelope.sequence - 1)
            await connection.execute(_GAP, *where, row["last"] + 1, envelope.sequence - 1)
        return row["is_new"], row["is_parked"]

    async def _park(self, tx: Transaction, arrival: Arrival, error: str) -> None:
        self.metrics.parked.labels(self.metrics.service).inc()
        e = arrival.envelope
        await (await tx.raw()).execute(
            _PARK, e.id, e.topic, e.partition, e.key, e.type, e.time, e.traceparent, arrival.data, e.source, e.sequence, error
        )


def envelope_of_row(row: asyncpg.Record) -> Envelope:
    """The envelope kept with a parked event."""
    identity: UUID = UUID(str(row["id"]))
    time: datetime = row["time"]
    return Envelope(
        id=identity, source=row["source"], type=row["type"], time=time, topic=row["topic"], partition=row["partition"],
        sequence=row["sequence"], key=row["key"], traceparent=row["traceparent"],
    )  # fmt: skip


def is_transient(error: BaseException) -> bool:
    """Whether the database was away: then nothing is parked, the event waits for it to come back."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, InterfaceError)
    return isinstance(error, OSError | TimeoutError | asyncpg.PostgresConnectionError | asyncpg.CannotConnectNowError | asyncpg.InterfaceError)
