"""The door to what a labourer says of herself (本人申报): phone and wish at once, anything else as a request that is decided."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.identity import Caller
from services.registry.operations import own_words
from services.registry.routes.labourers import with_reasons
from services.registry.routes.sync_conflicts import show_conflict_masked
from services.registry.schemas import LabourerWithReasons
from services.registry.schemas.own_words import OwnPhone, OwnWish
from services.registry.schemas.people import Correction
from services.registry.schemas.sync_conflicts import SyncConflictShown
from services.registry.store import people, sync_conflicts

router = APIRouter(prefix="/registry/v1/labourers/{person}", tags=["own words"])
_MADE = made_at("/registry/v1/labourers/{person}/correction-requests/{id}")


@router.put("/phone", summary="本人改电话 State one's own phone")
async def state_phone(
    caller: Annotated[Caller, allow("registry.labourer.state_phone")],
    tx: Tx,
    person: UUID,
    body: OwnPhone,
    response: Response,
) -> LabourerWithReasons:
    """It holds at once, and what stood there before stays in the history."""
    stated = await own_words.state_phone(tx, caller, person, body.phone)
    return with_reasons(stated, tx.node, tx.node.today(), response)


@router.put("/wish", summary="本人说意愿 State one's own wish")
async def state_wish(
    caller: Annotated[Caller, allow("registry.labourer.state_wish")],
    tx: Tx,
    person: UUID,
    body: OwnWish,
    response: Response,
) -> LabourerWithReasons:
    """It holds from today on. It is no visit: the quarter's visit still comes."""
    stated = await own_words.state_wish(tx, caller, person, body.wish.said())
    return with_reasons(stated, tx.node, tx.node.today(), response)


@router.post(
    "/correction-requests", status_code=201, responses=_MADE, summary="申请更正 Ask for something to be put right"
)
async def request_correction(
    caller: Annotated[Caller, allow("registry.correction.request")],
    tx: Tx,
    person: UUID,
    body: Correction,
    once: Idempotency,
) -> SyncConflictShown:
    """It waits with both values at /registry/v1/sync/conflicts until the county's officer or cadre decides; nothing changes before."""

    async def create() -> SyncConflictShown:
        on = body.on or tx.node.today()
        asked = await own_words.request_correction(tx, caller, person, body.said(), reason=body.reason, on=on)
        return show_conflict_masked(asked, tx.node.vault)

    answer: SyncConflictShown = await answer_once(tx, once, create)
    return answer


@router.get("/correction-requests", summary="我的更正申请 What a person has asked to be put right")
async def list_correction_requests(
    caller: Annotated[Caller, allow("registry.correction.list")],
    tx: Reading,
    person: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[SyncConflictShown]:
    """With what was decided, the newest first."""
    await people.get_person(tx, person)
    position = after_id(after, SyncConflictShown)
    found = await sync_conflicts.list_requests_of(tx, person, before=position, limit=limit + 1)
    return page_of([show_conflict_masked(each, tx.node.vault) for each in found], limit, lambda each: each.id)


@router.get("/correction-requests/{number}", summary="一项更正申请 One request to put something right")
async def show_correction_request(
    caller: Annotated[Caller, allow("registry.correction.list")], tx: Reading, person: UUID, number: UUID
) -> SyncConflictShown:
    """Whether it waits, and what was decided."""
    return show_conflict_masked(await sync_conflicts.get_request_of(tx, person, number), tx.node.vault)
