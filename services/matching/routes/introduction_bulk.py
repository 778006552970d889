"""The same step for many introductions at once over HTTP, with an answer for each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from services.matching.operations.introductions import city, county
from services.matching.routes.introduction_answers import by, may_many
from services.matching.schemas.introduction_steps import (
    ConsentMany,
    DatedMany,
    DeclinedMany,
    MissedMany,
    RejectedMany,
    StepAnswers,
)

router = APIRouter(prefix="/matching/v1/introductions/bulk", tags=["介绍上岗 introductions"])


@router.post("/offer", summary="批量通知本人 Offer the place to the person, for many")
async def offer_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.offer")], body: DatedMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await county.offer_introductions(tx, seen, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)


@router.post("/agree", summary="批量本人同意 The person agrees, with consent, for many")
async def agree_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.agree")], body: ConsentMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await county.agree_introductions(tx, seen, body.consent, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)


@router.post("/decline", summary="批量本人不接受 The person says no, for many")
async def decline_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.decline")], body: DeclinedMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await county.decline_introductions(tx, seen, body.reason, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)


@router.post("/hire", summary="批量录用 The employer hires, for many")
async def hire_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.hire")], body: DatedMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await city.hire_introductions(tx, seen, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)


@router.post("/reject", summary="批量不录用 The employer does not hire, for many")
async def reject_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.reject")], body: RejectedMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await city.reject_introductions(tx, seen, body.reason, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)


@router.post("/no-show", summary="批量未到岗 Whoever was hired has not come, for many")
async def miss_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.no_show")], body: MissedMany
) -> StepAnswers:
    """As the single step, and refused for each as that would be; what is refused of some hinders none of the others."""
    seen, hidden = await may_many(tx, body.introductions)
    answers = await city.miss_introductions(tx, seen, body.reason, body.on or tx.node.today(), by(caller))
    return StepAnswers.of(body.introductions, answers | hidden)
