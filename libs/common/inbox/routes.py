"""The operator's door to what could not be handled: dead letters and parked events, to look at, try again or discard."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from libs.common.api import After, ContextOf, Limit, Page, Reading, Tx, allow
from libs.common.identity import Caller
from libs.common.inbox import ending
from libs.common.inbox.ending import DEAD, PARKED, End
from libs.common.inbox.kept import EVENTS, LETTERS, DeadLetter, ParkedData, ParkedEvent, RawLetter
from libs.common.values import Asked, Flag, RowNumber, Sentence, Text

router = APIRouter(prefix="/v1", tags=["operation"])
Number = Annotated[Asked[RowNumber], Path(description="编号 Number of the row")]
Ended = Annotated[Asked[Flag], Query(description="Those that were replayed or discarded instead of the open ones")]


class Discard(BaseModel):
    """Why it is ended without effect."""

    reason: Sentence = Field(
        description="理由 Why", examples=["伪造记录，已报告对方节点 Forged; the partner has been told"]
    )


class Replayed(BaseModel):
    """How many were handled."""

    handled: int


@router.get(
    "/dead-letters",
    name="dead_letters",
    summary="死信 Dead letters",
    description="Records that are no events of ours, in the order found; their bytes one by one.",
)
async def list_letters(
    tx: Reading,
    _: Annotated[Caller, allow("node.dead_letter.list")],
    after: After = None,
    limit: Limit = 50,
    ended: Ended = False,
) -> Page[DeadLetter]:
    return await LETTERS.page(tx, after, limit, ended)


@router.get(
    "/dead-letters/{number}",
    name="dead_letter",
    summary="查看死信 Look at a dead letter",
    description="With key, value and headers in base64.",
)
async def get_letter(number: Number, tx: Reading, _: Annotated[Caller, allow("node.dead_letter.show")]) -> RawLetter:
    return await LETTERS.one(tx, number)


@router.post(
    "/dead-letters/{number}/replay",
    summary="重试死信 Replay a dead letter",
    description="Read and handled as if it came from the broker; 409 while it is still refused.",
)
async def replay_letter(
    number: Number, context: ContextOf, caller: Annotated[Caller, allow("node.dead_letter.replay")], tx: Tx
) -> Replayed:
    await ending.replay_letter(context.inbox, number, End(caller.subject))
    tx.trail.note(handled=1)
    return Replayed(handled=1)


@router.post(
    "/dead-letters/{number}/discard",
    summary="弃置死信 Discard a dead letter",
    description="Ended without effect; the row stays with who, when and why.",
    status_code=204,
)
async def discard_letter(
    number: Number, body: Discard, tx: Tx, caller: Annotated[Caller, allow("node.dead_letter.discard")]
) -> None:
    await ending.discard(tx, DEAD, number, End(caller.subject, body.reason))


@router.get(
    "/parked",
    name="parked",
    summary="搁置的事件 Parked events",
    description="In the order in which they are tried again.",
)
async def list_parked(
    tx: Reading,
    _: Annotated[Caller, allow("node.parked.list")],
    after: After = None,
    limit: Limit = 50,
    ended: Ended = False,
) -> Page[ParkedEvent]:
    return await EVENTS.page(tx, after, limit, ended)


@router.get(
    "/parked/{number}",
    name="parked_event",
    summary="查看搁置的事件 Look at a parked event",
    description="With its data.",
)
async def get_parked(number: Number, tx: Reading, _: Annotated[Caller, allow("node.parked.show")]) -> ParkedData:
    return await EVENTS.one(tx, number)


@router.post(
    "/parked/replay",
    summary="重放搁置事件 Replay parked events",
    description="In order, of one key or of all; a key that fails again stays parked.",
)
async def replay(
    context: ContextOf,
    caller: Annotated[Caller, allow("node.parked.replay")],
    tx: Tx,
    key: Annotated[Text | None, Query(max_length=512, description="Partition key")] = None,
) -> Replayed:
    handled = await ending.replay_parked(context.inbox, key, End(caller.subject))
    tx.trail.note(handled=handled)
    return Replayed(handled=handled)


@router.post(
    "/parked/{number}/discard",
    summary="弃置搁置的事件 Discard a parked event",
    description="Ended without effect; the events behind it can then be replayed in order.",
    status_code=204,
)
async def discard_parked(
    number: Number, body: Discard, tx: Tx, caller: Annotated[Caller, allow("node.parked.discard")]
) -> None:
    await ending.discard(tx, PARKED, number, End(caller.subject, body.reason))
