"""Once: an event's arrival, its effects and the position in one transaction; a key that keeps failing is parked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential

from libs.common.database import Transaction
from libs.common.events.envelope import Envelope, Event, topic_of
from libs.common.events.records import Arrival, Record, Unreadable, read_record
from libs.common.faults import is_transient
from libs.common.inbox import dead_letters, parking
from libs.common.inbox.dead_letters import Refused
from libs.common.node import NodeContext
from libs.common.pools import Database
from libs.common.settings import INBOX_DAYS, LETTERS_WHOLE
from libs.common.telemetry import Metrics, log, span

Handler = Callable[[Transaction, Any, Envelope], Awaitable[None]]


@dataclass(frozen=True)
class AskingHandler:
    """A handler that rests on somebody else's word: asked for before the transaction, which holds rows from its first statement."""

    ask: Callable[[NodeContext, Any, Envelope], Awaitable[Any]]
    hear: Callable[[Transaction, Any, Envelope, Any], Awaitable[None]]


Subscriptions = dict[type[Event], Handler | AskingHandler]

ATTEMPTS = 3
# The first pause is also what a concurrent writer of the same row is given to finish.
BACKOFF_SECONDS = 0.2
# What is no event of its type stays so, and what is away is waited for elsewhere.
_AGAIN = AsyncRetrying(
    stop=stop_after_attempt(ATTEMPTS),
    wait=wait_exponential(multiplier=BACKOFF_SECONDS, exp_base=3),
    retry=retry_if_exception(lambda error: not isinstance(error, ValidationError) and not is_transient(error)),
    reraise=True,
)
# A signature costs as much as so many bytes of canonical JSON; after so many bytes others have their turn (some 30 ms).
RECORD_COSTS, HELD = 2000, 300_000

# Whether the event is new, the last sequence of its partition before it, and whether an event of its key is parked. The
# position moves only with a new event, and `last` is locked first, so two readers of a partition see each other's events. Of an
# event older than what the inbox keeps ($8 is false) the position alone tells that it came before, unless it fills a gap.
_ARRIVE = """
WITH last AS MATERIALIZED (
    SELECT sequence FROM received WHERE source = $1 AND topic = $3 AND partition = $4 FOR UPDATE
), arrived AS (
    INSERT INTO inbox (source, id, handled_at)
    SELECT $1, $2, $7 WHERE $8 OR NOT EXISTS (SELECT FROM last WHERE sequence >= $5)
        OR EXISTS (SELECT FROM gap WHERE source = $1 AND topic = $3 AND partition = $4 AND $5 BETWEEN "first" AND "last")
    ON CONFLICT DO NOTHING RETURNING true
), advanced AS (
    INSERT INTO received AS seen (source, topic, partition, sequence, events)
    SELECT $1, $3, $4, greatest($5, (SELECT sequence FROM last)), 1 FROM arrived
    ON CONFLICT (source, topic, partition) DO UPDATE
    SET sequence = greatest(seen.sequence, excluded.sequence), events = seen.events + 1, received_at = now()
)
SELECT EXISTS (SELECT FROM arrived) AS is_new, coalesce((SELECT sequence FROM last), 0) AS last,
       EXISTS (SELECT FROM parked WHERE source = $1 AND topic = $3 AND key = $6 AND ended_at IS NULL) AS is_parked
"""
_GAP = 'INSERT INTO gap (source, topic, partition, "first", "last") VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING'


class Inbox:
    """Hands events to a service's handlers, each once."""

    def __init__(
        self,
        database: Database,
        subscriptions: Subscriptions,
        metrics: Metrics,
        *,
        whole: int = LETTERS_WHOLE,
        days: int = INBOX_DAYS,
    ):
        self.database = database
        self.metrics = metrics
        self.whole = whole
        self.kept = timedelta(days=days)
        self._handlers = {event.TYPE: (event, handler) for event, handler in subscriptions.items()}

    async def take(self, records: Sequence[Record]) -> None:
        """What came off the broker, in order: events are handled, everything else is kept as a dead letter."""
        arrivals, refused = list[Arrival](), list[Refused]()
        held = 0
        for record in records:
            held += RECORD_COSTS + len(record.value or b"")
            if held > HELD:
                held = await asyncio.sleep(0, 0)  # signatures take their time, and a request waits for none
            try:
                arrivals.append(self.read(record))
            except Unreadable as why:
                refused.append(Refused(record, why))
        await self.keep(refused)
        if arrivals:
            await self.receive(arrivals)

    async def keep(self, refused: Sequence[Refused]) -> None:
        """Keep records that are no events."""
        await dead_letters.keep(self.database, self.metrics, refused, self.whole)

    def read(self, record: Record) -> Arrival:
        """A record as an event that this service may take; raises Unreadable."""
        node = self.database.node
        arrival = read_record(record, node.id, node.clock.now(), node.announcing_keys)
        event, _ = self._handlers.get(arrival.envelope.type, (None, None))
        if event and arrival.envelope.topic != topic_of(event, node.id):
            # Who may write a topic was decided by its name: an event of node has no force on a public one.
            raise Unreadable("false_topic", f"{event.TYPE} does not belong on {record.topic}")
        return arrival

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Handle a batch in one transaction; if it fails, each event alone, so that one bad event stops only its key."""
        try:
            answers = [await self.ask(arrival) for arrival in arrivals]
            async with self.database.transaction() as tx:
                for arrival, answer in zip(arrivals, answers, strict=True):
                    await self.handle(tx, arrival, answer)
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("batch_failed", events=len(arrivals), error=type(error).__name__)
            for arrival in arrivals:
                await self._receive_alone(arrival)

    async def ask(self, arrival: Arrival) -> Any:
        """What the event's handler must know of somebody else; nothing for most. With no transaction open."""
        event, handler = self._handlers.get(arrival.envelope.type, (None, None))
        if event is None or not isinstance(handler, AskingHandler):
            return None
        with span(f"ask for {event.TYPE}", SpanKind.CONSUMER, arrival.envelope.traceparent):
            return await handler.ask(self.database.node, event.model_validate_json(arrival.data), arrival.envelope)

    async def handle(self, tx: Transaction, arrival: Arrival, answer: Any) -> None:
        """Arrival, position and effects of one event, in the caller's transaction."""
        is_new, is_parked = await self._arrive(tx, arrival.envelope)
        if not is_new:
            self.metrics.repeated.labels(self.metrics.service).inc()
        elif is_parked and await parking.is_blocked(tx, arrival.envelope):
            await self._park(tx, arrival, "an earlier event of this key is parked")
        elif arrival.envelope.type in self._handlers:
            await self.apply(tx, arrival, answer)

    async def apply(self, tx: Transaction, arrival: Arrival, answer: Any) -> None:
        """The effects alone; `answer` is what was said to `ask`."""
        event, handler = self._handlers[arrival.envelope.type]
        with span(f"handle {arrival.envelope.type}", SpanKind.CONSUMER, arrival.envelope.traceparent):
            said = event.model_validate_json(arrival.data)
            if isinstance(handler, AskingHandler):
                await handler.hear(tx, said, arrival.envelope, answer)
            else:
                await handler(tx, said, arrival.envelope)
        self.metrics.handled.labels(self.metrics.service, arrival.envelope.type).inc()

    async def _receive_alone(self, arrival: Arrival) -> None:
        try:
            await _AGAIN.copy()(self._handle_alone, arrival)
        except Exception as error:
            if is_transient(error):
                raise
            log.error("parked", type=arrival.envelope.type, key=arrival.envelope.key, exc_info=error)
            await self._park_alone(arrival, f"{type(error).__name__}: {error}")

    async def _handle_alone(self, arrival: Arrival) -> None:
        answer = await self.ask(arrival)
        async with self.database.transaction() as tx:
            await self.handle(tx, arrival, answer)

    async def _park_alone(self, arrival: Arrival, error: str) -> None:
        """Parking must not fail: what even that table refuses is kept raw."""
        try:
            async with self.database.transaction() as tx:
                is_new, _ = await self._arrive(tx, arrival.envelope)
                if is_new:
                    await self._park(tx, arrival, error)
        except Exception as failure:
            if is_transient(failure) or arrival.record is None:
                raise
            why = Unreadable("not_storable", f"{type(failure).__name__}: {failure}")
            await self.keep([Refused(arrival.record, why)])

    async def _arrive(self, tx: Transaction, envelope: Envelope) -> tuple[bool, bool]:
        """Whether the event is new here, and whether its key is parked; tells of a gap before it."""
        now = tx.node.clock.now()
        connection, where = await tx.raw(), (envelope.source, envelope.topic, envelope.partition)
        row = await connection.fetchrow(
            _ARRIVE,
            envelope.source,
            envelope.id,
            *where[1:],
            envelope.sequence,
            envelope.key,
            now,
            envelope.time > now - self.kept,
        )
        assert row is not None
        if row["is_new"] and envelope.sequence > row["last"] + 1:
            self.metrics.gaps.labels(self.metrics.service).inc()
            log.error(
                "sequence_gap",
                source=envelope.source,
                topic=envelope.topic,
                first=row["last"] + 1,
                last=envelope.sequence - 1,
            )
            await connection.execute(_GAP, *where, row["last"] + 1, envelope.sequence - 1)
        return row["is_new"], row["is_parked"]

    async def _park(self, tx: Transaction, arrival: Arrival, error: str) -> None:
        self.metrics.parked.labels(self.metrics.service).inc()
        await parking.park(tx, arrival, dead_letters.storable(error))
