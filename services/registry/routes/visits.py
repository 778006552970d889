"""The door to visits (走访): recorded with what was said, and told with the newest first."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.identity import Caller
from services.registry.operations import visits
from services.registry.schemas.visits import NewVisit, VisitShown
from services.registry.store import people
from services.registry.store import visits as store

router = APIRouter(prefix="/registry/v1/labourers/{person}/visits", tags=["labourers"])


@router.post(
    "",
    status_code=201,
    responses=made_at("/registry/v1/labourers/{person}/visits/{id}"),
    summary="走访登记 Record a visit",
)
async def record_visit(
    caller: Annotated[Caller, allow("registry.visit.record")], tx: Tx, person: UUID, body: NewVisit, once: Idempotency
) -> VisitShown:
    """What was said becomes the person's wish from that day on. Of somebody who has left the register it is a 409 `person-left`."""

    async def create() -> VisitShown:
        made = await visits.record_visit(
            tx,
            caller,
            person,
            body.found,
            body.wish.said() if body.wish else None,
            fellows=body.wish.fellows if body.wish else None,
            on=body.on,
            next_visit=body.next_visit,
        )
        return VisitShown.model_validate(made)

    answer: VisitShown = await answer_once(tx, once, create)
    return answer


@router.get("", summary="走访记录 Visits of a person")
async def list_visits(
    caller: Annotated[Caller, allow("registry.visit.list")],
    tx: Reading,
    person: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[VisitShown]:
    """In the order of entry, the newest first."""
    await people.get_person(tx, person)
    found = await store.list_visits(tx, person, before=after_id(after, VisitShown), limit=limit + 1)
    return page_of([VisitShown.model_validate(each) for each in found], limit, lambda each: each.id)


@router.get("/{visit}", summary="一次走访 One visit")
async def show_visit(
    caller: Annotated[Caller, allow("registry.visit.list")], tx: Reading, person: UUID, visit: UUID
) -> VisitShown:
    """404 for whoever may not see the person."""
    return VisitShown.model_validate(await store.get_visit(tx, person, visit))
