"""One step of one introduction over HTTP: the county's verbs, then the city's, and taking a step back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from services.matching.operations.introductions import city, consents, county, undoing
from services.matching.routes.introduction_answers import IfSame, by, may, shown, taken
from services.matching.schemas.introduction_steps import (
    Consent,
    Dated,
    Declined,
    Missed,
    Rejected,
    Rescinded,
    Withdrawn,
)
from services.matching.schemas.introductions import Introduction

router = APIRouter(prefix="/matching/v1/introductions", tags=["介绍上岗 introductions"])


@router.post("/{introduction}/offer", summary="通知本人 Offer the place to the person")
async def offer_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.offer")],
    introduction: UUID,
    body: Dated,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: held or proposed -> offered."""
    one = await may(tx, introduction, same)
    step = county.offer_introductions(tx, one, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/agree", summary="本人同意 The person agrees, with consent")
async def agree_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.agree")],
    introduction: UUID,
    body: Consent,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: offered -> agreed. The registry seals the card to the city; the person's other open introductions become obsolete."""
    one = await may(tx, introduction, same)
    step = county.agree_introductions(tx, one, body.consent, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/withdraw-consent", summary="撤回同意 The person withdraws the consent")
async def withdraw_consent(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.withdraw_consent")],
    introduction: UUID,
    body: Withdrawn,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County, at any time after the consent: the city erases the card and confirms it, both nodes keep the fact. Before hiring the
    introduction ends and the opening is free; work that was found goes on without a name. Repeated, it answers the same."""
    await may(tx, introduction, same)
    row = await consents.withdraw_consent(tx, introduction, body.reason, body.on or tx.node.today(), by(caller))
    return await shown(tx, caller, row.introduction, response)


@router.post("/{introduction}/decline", summary="本人不接受 The person says no")
async def decline_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.decline")],
    introduction: UUID,
    body: Declined,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: with a named reason; the opening is free, and in a run the next pass offers it."""
    one = await may(tx, introduction, same)
    step = county.decline_introductions(tx, one, body.reason, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/cancel", summary="本人取消 The person takes the yes back")
async def cancel_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.cancel")],
    introduction: UUID,
    body: Declined,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: agreed, introduced or hired -> cancelled, before the first day of work. Person and opening are free at once."""
    one = await may(tx, introduction, same)
    step = county.cancel_introductions(tx, one, body.reason, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/hire", summary="录用 The employer hires")
async def hire_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.hire")],
    introduction: UUID,
    body: Dated,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: introduced -> hired, by an officer of the city or by the vacancy's own employer."""
    one = await may(tx, introduction, same)
    step = city.hire_introductions(tx, one, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/reject", summary="不录用 The employer does not hire")
async def reject_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.reject")],
    introduction: UUID,
    body: Rejected,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: introduced -> rejected, with a named reason; the opening is free."""
    one = await may(tx, introduction, same)
    step = city.reject_introductions(tx, one, body.reason, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/rescind", summary="取消录用 The employer takes a hire back")
async def rescind_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.rescind")],
    introduction: UUID,
    body: Rescinded,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: hired -> rescinded, with a named reason; person and opening are free."""
    one = await may(tx, introduction, same)
    step = city.rescind_introductions(tx, one, body.reason, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/no-show", summary="未到岗 Whoever was hired has not come")
async def miss_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.no_show")],
    introduction: UUID,
    body: Missed,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: hired -> no_show; person and opening are free, and it counts in the firm's figures."""
    one = await may(tx, introduction, same)
    step = city.miss_introductions(tx, one, body.reason, body.on or tx.node.today(), by(caller))
    return await taken(tx, caller, step, response)


@router.post("/{introduction}/undo", summary="撤销录入 Take one's own last step back")
async def undo_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.undo")],
    introduction: UUID,
    body: Dated,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """Entered by mistake: whoever took the last step takes it back, until the other side has acted on it; an end within seven days. A yes
    that was never given ends, its card is erased, and the place is held anew under another introduction."""
    await may(tx, introduction, same)
    row = await undoing.undo_introduction(tx, introduction, body.on or tx.node.today(), by(caller))
    return await shown(tx, caller, row.introduction, response)
