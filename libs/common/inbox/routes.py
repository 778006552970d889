"""The operator's door to what could not be handled: dead letters and parked events, to look at, try again or discard."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping, text

from libs.common.api import After, ContextOf, Limit, Page, Reading, Tx, after_number, allow, page_of
from libs.common.identity import Caller
from libs.common.inbox import ending
from libs.common.inbox.ending import DEAD, PARKED, End, NothingOpen
from libs.common.values import Asked, Flag, RowNumber, Sentence, Text

router = APIRouter(prefix="/v1", tags=["operation"])
Number = Annotated[Asked[RowNumber], Path(description="编号 Number of the row")]
Ended = Annotated[Asked[Flag], Query(description="Those that were replayed or discarded instead of the open ones")]

_LETTER = """
SELECT id, topic, partition, "offset", origin, reason, detail, found_at, bytes, cut, ended, ended_at, ended_by, ended_because{raw}
FROM dead_letter WHERE {which}
"""
_PARKED = """
SELECT place AS id, id AS event, source, topic, partition, key, type, time, sequence, error, ended, ended_at, ended_by, ended_because{raw}
FROM parked WHERE {which}
"""
_OPEN_AFTER = "{number} > :after AND (ended_at IS NOT NULL) = :ended ORDER BY {number} LIMIT :limit"


class Kept(BaseModel):
    """What both have: where it came from and, once it has ended, how, when, by whom and why."""

    id: int
    topic: str
    partition: int
    ended: str | None
    ended_at: datetime | None
    ended_by: str | None
    ended_because: str | None


class DeadLetter(Kept):
    """死信 A record that is no event: its place, its size, and why it was refused. `cut`: only its head is kept, or of
    very many nothing but this."""

    offset: int
    origin: str
    reason: str
    detail: str
    found_at: datetime
    bytes: int
    cut: bool


class RawHeader(BaseModel):
    """A header; the value in base64, null where there was none."""

    name: str
    value: str | None


class RawLetter(DeadLetter):
    """A dead letter with its bytes in base64."""

    key: str | None
    value: str | None
    headers: list[RawHeader]


class ParkedEvent(Kept):
    """搁置的事件 An event that its handler refused, or that waits behind one of the same key."""

    event: str
    source: str
    key: str
    type: str
    time: datetime
    sequence: int
    error: str


class ParkedData(ParkedEvent):
    """A parked event with its data as JSON text."""

    data: str


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
    return page_of(
        [
            DeadLetter(**row)
            for row in await _list(tx, _LETTER, DEAD, after_number(after, DeadLetter.__name__), limit, ended)
        ],
        limit,
        lambda row: row.id,
    )


@router.get(
    "/dead-letters/{number}",
    name="dead_letter",
    summary="查看死信 Look at a dead letter",
    description="With key, value and headers in base64.",
)
async def get_letter(number: Number, tx: Reading, _: Annotated[Caller, allow("node.dead_letter.show")]) -> RawLetter:
    row = await _one(tx, _LETTER, DEAD, number, ", key, value, headers")
    headers = [
        RawHeader(name=name.encode(errors="backslashreplace").decode(), value=value)
        for name, value in json.loads(row["headers"])
    ]
    return RawLetter(**{**row, "key": _base64(row["key"]), "value": _base64(row["value"]), "headers": headers})


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
    rows = await _list(tx, _PARKED, PARKED, after_number(after, ParkedEvent.__name__), limit, ended)
    return page_of([ParkedEvent(**{**row, "event": str(row["event"])}) for row in rows], limit, lambda row: row.id)


@router.get(
    "/parked/{number}",
    name="parked_event",
    summary="查看搁置的事件 Look at a parked event",
    description="With its data.",
)
async def get_parked(number: Number, tx: Reading, _: Annotated[Caller, allow("node.parked.show")]) -> ParkedData:
    row = await _one(tx, _PARKED, PARKED, number, ", data")
    return ParkedData(**{**row, "event": str(row["event"])})


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


async def _list(
    tx: Reading, query: str, table: tuple[str, str], after: int, limit: int, ended: bool
) -> Sequence[RowMapping]:
    statement = query.format(raw="", which=_OPEN_AFTER.format(number=table[1]))
    given = {"after": after, "limit": limit + 1, "ended": ended}
    return (await tx.execute(text(statement), given)).mappings().all()


async def _one(tx: Reading, query: str, table: tuple[str, str], number: int, raw: str) -> RowMapping:
    row = (
        (await tx.execute(text(query.format(raw=raw, which=f"{table[1]} = :number")), {"number": number}))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NothingOpen(str(number))
    return row


def _base64(part: bytes | None) -> str | None:
    return None if part is None else base64.b64encode(part).decode()
