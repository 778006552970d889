"""The door to services: training, guidance, introduction, start-up."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, page_of
from libs.common.identity import Caller
from services.retention.operations import serving
from services.retention.schemas.serving import Service, ServiceDraft, ServiceKind
from services.retention.store import services as store

router = APIRouter(prefix="/retention/v1", tags=["services 服务"])


@router.get("/services", summary="服务记录 List services given")
async def list_services(
    tx: Reading,
    _: Annotated[Caller, allow("retention.service.list")],
    kind: ServiceKind | None = None,
    person: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Service]:
    """Services of the caller's regions, oldest entry first."""
    rows = await store.list_services(tx, after_id(after, Service), limit, kind=kind, person_id=person)
    return page_of([Service.model_validate(row) for row in rows], limit, lambda service: service.id)


@router.post("/services", status_code=201, summary="提供服务 Note a service")
async def give_service(draft: ServiceDraft, tx: Tx, _: Annotated[Caller, allow("retention.service.give")], once: Idempotency) -> Service:
    """A service given to one of this county's people, or to a guest by the introduction's id; the home county counts it."""

    async def create() -> Service:
        return Service.model_validate(await serving.give_service(tx, **draft.model_dump()))

    answer: Service = await answer_once(tx, once, create)
    return answer
