"""The door to services: training, guidance, introduction, start-up."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from services.retention.operations import serving
from services.retention.rules.serving import ServiceKind
from services.retention.schemas.list_sheets import SERVICES
from services.retention.schemas.serving import Service, ServiceDraft
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


export_list(router, "/services.xlsx", list_services, SERVICES)


@router.get("/services/{id}", summary="一次服务 One service given")
async def get_service(id: UUID, tx: Reading, _: Annotated[Caller, allow("retention.service.show")]) -> Service:
    """A service of the caller's regions."""
    return Service.model_validate(await store.get_service(tx, id))


@router.post(
    "/services", status_code=201, responses=made_at("/retention/v1/services/{id}"), summary="提供服务 Note a service"
)
async def give_service(
    draft: ServiceDraft, tx: Tx, _: Annotated[Caller, allow("retention.service.give")], once: Idempotency
) -> Service:
    """A service given to one of this county's people, or to a guest by the introduction's id; the home county counts it."""

    async def create() -> Service:
        return Service.model_validate(await serving.give_service(tx, **draft.model_dump()))

    answer: Service = await answer_once(tx, once, create)
    return answer
