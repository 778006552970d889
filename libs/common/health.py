"""Is a service alive, ready, behind? Liveness, readiness, metrics, what is parked and what is missing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from prometheus_client import generate_latest
from pydantic import BaseModel
from sqlalchemy import text

from libs.common.api import OfficeOf, Reading, requires
from libs.common.identity import Caller
from libs.common.problems import Unavailable
from libs.common.values import Text

Operator = Annotated[Caller, Depends(requires("node:operate"))]

_BACKLOG = """
SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM journal WHERE position >
            coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0)) AS unsent,
       coalesce((SELECT extract(epoch FROM now() - min(time)) FROM outbox), 0)::float AS oldest_seconds,
       (SELECT count(*) FROM parked) AS parked, (SELECT count(*) FROM gap) AS gaps,
       (SELECT count(*) FROM journal) AS announced, (SELECT count(*) FROM inbox) AS handled
"""
_RECEIVED = "SELECT source, topic, partition, sequence, events, received_at::text FROM received ORDER BY 1, 2, 3"
_HEADS = "SELECT topic, partition, last AS sequence FROM journal_head ORDER BY 1, 2"
_PARKED = "SELECT source, topic, key, type, error, time::text FROM parked ORDER BY place LIMIT 200"


class Backlog(BaseModel):
    """How a service stands with its events: unsent, oldest unsent in seconds, parked, gaps, announced and handled in all."""

    service: str
    unsent: int
    oldest_seconds: float
    parked: int
    gaps: int
    announced: int
    handled: int
    heads: list[dict[str, Any]]
    received: list[dict[str, Any]]
    parked_events: list[dict[str, Any]]


class Replayed(BaseModel):
    """How many parked events were handled."""

    handled: int


def health_router(service: str) -> APIRouter:
    """Health, metrics and the operator's view of one service."""
    router = APIRouter(prefix=f"/{service}", tags=["operation"])

    @router.get("/health/live", operation_id=f"{service}_live", summary="存活 Liveness", description="The process answers.")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready", operation_id=f"{service}_ready", summary="就绪 Readiness", description="The database answers and the schema is there; 503 otherwise.")
    async def ready(office: OfficeOf) -> dict[str, str]:
        try:
            async with office.database.reading() as tx:
                await tx.execute(text("SELECT count(*) FROM relay_cursor"))
        except Exception as error:
            raise Unavailable("数据库未就绪 The database is not ready.") from error
        return {"status": "ready"}

    @router.get("/metrics", operation_id=f"{service}_metrics", summary="指标 Metrics", description="Prometheus text format, for the operator's token: counts tell how a node is used.", response_class=Response)
    async def metrics(office: OfficeOf, _: Operator) -> Response:
        return Response(generate_latest(office.metrics.registry), media_type="text/plain; version=0.0.4")

    @router.get("/v1/backlog", operation_id=f"{service}_backlog", summary="事件积压 Backlog of events", description="Outbox, journal, received positions, gaps and parked keys.")
    async def backlog(tx: Reading, _: Operator) -> Backlog:
        row = (await tx.execute(text(_BACKLOG))).mappings().one()
        lists = {
            name: [dict(item) for item in (await tx.execute(text(query))).mappings()]
            for name, query in (("heads", _HEADS), ("received", _RECEIVED), ("parked_events", _PARKED))
        }
        return Backlog(service=service, **row, **lists)

    @router.post("/v1/parked/replay", operation_id=f"{service}_replay", summary="重放搁置事件 Replay parked events", description="In order, of one key or of all; a key that fails again stays parked.")
    async def replay(office: OfficeOf, _: Operator, key: Annotated[Text | None, Query(description="Partition key", max_length=200)] = None) -> Replayed:
        return Replayed(handled=await office.inbox.replay(key))

    return router
