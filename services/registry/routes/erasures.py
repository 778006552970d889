"""The door to being forgotten: asked for by one officer, approved by a second, with a report of where what was erased."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import Reading, Tx, allow
from libs.common.calendar import add_days
from libs.common.erasing import BROKER_KEEPS
from libs.common.identity import Caller
from services.registry.operations import erasures
from services.registry.rules.erasures import Erasure
from services.registry.schemas.erasures import Approval, ErasureShown, NewErasure

router = APIRouter(prefix="/registry/v1/labourers/{person}/erase", tags=["erasures"])


@router.post("", status_code=202, summary="申请删除 Ask for a person to be erased")
async def request_erasure(
    caller: Annotated[Caller, allow("registry.erasure.request")], tx: Tx, person: UUID, body: NewErasure
) -> ErasureShown:
    """An officer of the whole county, with a reason and a reference. Nothing is erased before a second officer approves."""
    return _shown(await erasures.request_erasure(tx, caller, person, body.reason, body.reference))


@router.post("/approve", summary="批准删除 Approve, and erase")
async def approve_erasure(
    caller: Annotated[Caller, allow("registry.erasure.approve")], tx: Tx, person: UUID, body: Approval
) -> ErasureShown:
    """By another officer than the one who asked. It cannot be undone; the id stays as a mark, so that nothing late brings the person back."""
    return _shown(await erasures.approve_erasure(tx, caller, person, body.on or tx.node.today()))


@router.get("", summary="删除报告 Where what was erased")
async def show_erasure(
    caller: Annotated[Caller, allow("registry.erasure.show")], tx: Reading, person: UUID
) -> ErasureShown:
    """Tables and rows by service, cards by city, topics by the day on which their last record goes, and what is kept and why."""
    return _shown(await erasures.show_erasure(tx, person))


def _shown(found: Erasure) -> ErasureShown:
    approved = found.request.approved_at
    gone_by = add_days(approved.date(), BROKER_KEEPS.days + 1) if approved else None
    return ErasureShown.of(found, gone_by)
