"""A fair's desk over HTTP: sign people up, note who comes, sign on the spot; each named one has an answer, the same when sent again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from services.matching.operations import fairs, signings
from services.matching.routes.introduction_answers import by
from services.matching.schemas.fair_desk import EntriesNew, PeopleNamed, SigningAnswers, VisitorAnswers

router = APIRouter(prefix="/matching/v1/fairs/{fair}", tags=["招聘会 fairs"])


@router.post("/sign-ups", summary="报名 These people will come")
async def sign_up(
    tx: Tx, caller: Annotated[Caller, allow("matching.fair.sign_up")], fair: UUID, body: PeopleNamed
) -> VisitorAnswers:
    """While the fair is open, its day included."""
    return VisitorAnswers.of(body.people, await fairs.sign_up(tx, fair, body.people, tx.node.today()))


@router.post("/sign-ups/take-back", summary="取消报名 These people will not come")
async def take_back_sign_up(
    tx: Tx, caller: Annotated[Caller, allow("matching.fair.sign_up")], fair: UUID, body: PeopleNamed
) -> VisitorAnswers:
    """Whoever has come nevertheless stays on the list of those who came."""
    return VisitorAnswers.of(body.people, await fairs.take_back_sign_up(tx, fair, body.people, tx.node.today()))


@router.post("/arrivals", summary="到场 These people have come")
async def arrive(
    tx: Tx, caller: Annotated[Caller, allow("matching.fair.arrive")], fair: UUID, body: PeopleNamed
) -> VisitorAnswers:
    """Signed up or not; taken in until a week after the fair."""
    return VisitorAnswers.of(body.people, await fairs.arrive(tx, fair, body.people, tx.node.today()))


@router.post("/signings", summary="现场签约 Signed on the spot")
async def sign(
    tx: Tx, caller: Annotated[Caller, allow("matching.fair.sign")], fair: UUID, body: EntriesNew
) -> SigningAnswers:
    """Each becomes an introduction that the person has agreed to, with consent as any other. A queue that is sent twice, or by two desks,
    is answered the same and signs nobody twice; it is taken in until a week after the fair, with the day on which it was signed."""
    entries = [each.noted() for each in body.entries]
    return SigningAnswers.of(body.entries, await signings.sign(tx, fair, entries, tx.node.today(), by(caller)))
