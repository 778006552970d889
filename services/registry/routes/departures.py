"""The door by which people leave the register (减员) and come back; nothing that was known of them goes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from services.registry.operations import departures
from services.registry.routes.labourers import with_reasons
from services.registry.schemas import LabourerWithReasons
from services.registry.schemas.people import NewDeparture, NewReturn

router = APIRouter(prefix="/registry/v1/labourers/{person}", tags=["labourers"])


@router.post("/departures", summary="减员 Somebody has died or moved away")
async def depart(
    caller: Annotated[Caller, allow("registry.labourer.depart")],
    tx: Tx,
    person: UUID,
    body: NewDeparture,
    response: Response,
) -> LabourerWithReasons:
    """From that day on the person is in no list, count or supply. Whatever is written of them later is a 409 `person-left`."""
    left = await departures.depart(tx, caller, person, body.way, on=body.on, reason=body.reason)
    return with_reasons(left, tx.node, body.on, response)


@router.post("/returns", summary="返回 Somebody has come back, or was never gone")
async def come_back(
    caller: Annotated[Caller, allow("registry.labourer.return")],
    tx: Tx,
    person: UUID,
    body: NewReturn,
    response: Response,
) -> LabourerWithReasons:
    """In the household that was left; the history keeps both."""
    on = body.on or tx.node.today()
    back = await departures.come_back(tx, caller, person, body.kind, on=on, reason=body.reason)
    return with_reasons(back, tx.node, on, response)
