"""Is a service alive, ready, behind? Liveness, readiness, metrics, what is parked and what is missing."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from prometheus_client import generate_latest
from pydantic import BaseModel
from sqlalchemy import text

from libs.common.api import ContextOf, Reading, allow, open_to_all
from libs.common.identity import Caller
from libs.common.problems import Unavailable

M = TypeVar("M", bound=BaseModel)
router = APIRouter(tags=["operation"])

# From counters, and of what waits up to a bound: nobody counts a table to look at a node.
UP_TO = 100_000
_BACKLOG = f"""
SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT {UP_TO}) waiting) + (SELECT count(*) FROM (SELECT FROM journal WHERE position >
            coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0) LIMIT {UP_TO}) waiting) AS unsent,
       coalesce((SELECT extract(epoch FROM now() - time) FROM outbox ORDER BY seq LIMIT 1), 0)::float AS oldest_seconds,
       (SELECT count(*) FROM (SELECT FROM parked WHERE ended_at IS NULL LIMIT {UP_TO}) open) AS parked,
       (SELECT count(*) FROM (SELECT FROM dead_letter WHERE ended_at IS NULL LIMIT {UP_TO}) open) AS dead_letters,
       (SELECT count(*) FROM (SELECT FROM gap LIMIT {UP_TO}) seen) AS gaps,
       (SELECT coalesce(sum(last), 0)::bigint FROM journal_head) AS announced,
       (SELECT coalesce(sum(events), 0)::bigint FROM received) AS handled
"""
_RECEIVED = "SELECT source, topic, partition, sequence, events, received_at::text FROM received ORDER BY 1, 2, 3"
_HEADS = "SELECT topic, partition, last AS sequence FROM journal_head ORDER BY 1, 2"
_PARKED = (
    "SELECT source, topic, key, type, error, time::text FROM parked WHERE ended_at IS NULL ORDER BY place LIMIT 200"
)
_LETTERS = """
SELECT id, origin, topic, partition, "offset", reason, detail, found_at::text FROM dead_letter WHERE ended_at IS NULL ORDER BY id LIMIT 200
"""
# Counted up to a thousand: readiness is asked every few seconds.
_READY = """
SELECT (SELECT count(*) FROM (SELECT FROM dead_letter WHERE ended_at IS NULL LIMIT 1000) open) AS dead_letters,
       (SELECT count(*) FROM (SELECT FROM parked WHERE ended_at IS NULL LIMIT 1000) open) AS parked, EXISTS (SELECT FROM relay_cursor)
"""


class Announced(BaseModel):
    """Up to where a partition of a topic was announced."""

    topic: str
    partition: int
    sequence: int


class Received(Announced):
    """Up to where a partition of a source's topic was heard: how many events in all, the last one when."""

    source: str
    events: int
    received_at: str


class ParkedInBrief(BaseModel):
    """A parked event, as far as it tells whose it is and what was wrong."""

    source: str
    topic: str
    key: str
    type: str
    error: str
    time: str


class LetterInBrief(BaseModel):
    """A dead letter: its place, and why it was refused."""

    id: int
    origin: str
    topic: str
    partition: int
    offset: int
    reason: str
    detail: str
    found_at: str


class Backlog(BaseModel):
    """How a service stands with its events: unsent, oldest unsent in seconds, parked, dead letters, gaps, announced and
    handled in all."""

    service: str
    unsent: int
    oldest_seconds: float
    parked: int
    dead_letters: int
    gaps: int
    announced: int
    handled: int
    heads: list[Announced]
    received: list[Received]
    parked_events: list[ParkedInBrief]
    letters: list[LetterInBrief]


class Readiness(BaseModel):
    """`ready`, or `degraded` while an operator has something to look at: the service still answers and goes on."""

    status: Literal["ready", "degraded"]
    dead_letters: int
    parked: int


@router.get("/health/live", summary="存活 Liveness", description="The process answers.")
@open_to_all
async def live() -> dict[str, str]:
    return {"status": "live"}


@router.get(
    "/health/ready",
    summary="就绪 Readiness",
    description="The database answers and the schema is there; 503 otherwise. `degraded` says that dead letters or parked events wait for an operator.",
)
@open_to_all
async def ready(context: ContextOf) -> Readiness:
    try:
        async with context.database.reading() as tx:
            row = (await tx.execute(text(_READY))).one()
    except Exception as error:
        raise Unavailable("数据库未就绪 The database is not ready.") from error
    waiting = row.dead_letters + row.parked > 0
    return Readiness(status="degraded" if waiting else "ready", dead_letters=row.dead_letters, parked=row.parked)


@router.get(
    "/metrics",
    summary="指标 Metrics",
    description="Prometheus text format, for the operator's token: counts tell how a node is used.",
    response_class=PlainTextResponse,
)
async def metrics(context: ContextOf, _: Annotated[Caller, allow("node.metrics.show")]) -> PlainTextResponse:
    return PlainTextResponse(generate_latest(context.metrics.registry), media_type="text/plain; version=0.0.4")


@router.get(
    "/v1/backlog",
    summary="事件积压 Backlog of events",
    description="Outbox, journal, received positions, gaps, parked keys and dead letters.",
)
async def backlog(context: ContextOf, tx: Reading, _: Annotated[Caller, allow("node.backlog.show")]) -> Backlog:
    counts = (await tx.execute(text(_BACKLOG))).mappings().one()
    return Backlog(
        service=context.service.name,
        **counts,
        heads=await _listed(tx, _HEADS, Announced),
        received=await _listed(tx, _RECEIVED, Received),
        parked_events=await _listed(tx, _PARKED, ParkedInBrief),
        letters=await _listed(tx, _LETTERS, LetterInBrief),
    )


async def _listed(tx: Reading, query: str, of: type[M]) -> list[M]:
    return [of(**row) for row in (await tx.execute(text(query))).mappings()]
