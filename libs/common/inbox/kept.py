"""What is shown of what could not be handled (留存): dead letters and parked events, in lists and one by one."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator
from sqlalchemy import text

from libs.common.api import Page, Reading, after_number, page_of
from libs.common.inbox.ending import DEAD, PARKED, NothingOpen

_LETTER = """
SELECT id, topic, partition, "offset", origin, reason, detail, found_at, bytes, cut, ended, ended_at, ended_by, ended_because{raw}
FROM dead_letter WHERE {which}
"""
_PARKED = """
SELECT place AS id, id AS event, source, topic, partition, key, type, time, sequence, error, ended, ended_at, ended_by, ended_because{raw}
FROM parked WHERE {which}
"""
_OPEN_AFTER = "{number} > :after AND (ended_at IS NOT NULL) = :ended ORDER BY {number} LIMIT :limit"


def _base64(part: bytes | None) -> str | None:
    return None if part is None else base64.b64encode(part).decode()


def _headers(packed: bytes) -> list[RawHeader]:
    return [
        RawHeader(name=name.encode(errors="backslashreplace").decode(), value=value)
        for name, value in json.loads(packed)
    ]


Base64 = Annotated[str | None, BeforeValidator(_base64)]


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

    key: Base64
    value: Base64
    headers: Annotated[list[RawHeader], BeforeValidator(_headers)]


class ParkedEvent(Kept):
    """搁置的事件 An event that its handler refused, or that waits behind one of the same key."""

    event: Annotated[str, BeforeValidator(str)]
    source: str
    key: str
    type: str
    time: datetime
    sequence: int
    error: str


class ParkedData(ParkedEvent):
    """A parked event with its data as JSON text."""

    data: str


R = TypeVar("R", bound=Kept)
W = TypeVar("W", bound=Kept)


@dataclass(frozen=True)
class Kind(Generic[R, W]):
    """One kind of what was kept: where it stands, how it is asked for, what is shown of it in a list and by itself."""

    table: tuple[str, str]
    query: str
    raw: str
    row: type[R]
    whole: type[W]

    async def page(self, tx: Reading, after: str | None, limit: int, ended: bool) -> Page[R]:
        statement = text(self.query.format(raw="", which=_OPEN_AFTER.format(number=self.table[1])))
        given = {"after": after_number(after, self.row.__name__), "limit": limit + 1, "ended": ended}
        rows = (await tx.execute(statement, given)).mappings()
        return page_of([self.row(**row) for row in rows], limit, lambda row: row.id)

    async def one(self, tx: Reading, number: int) -> W:
        statement = text(self.query.format(raw=self.raw, which=f"{self.table[1]} = :number"))
        row = (await tx.execute(statement, {"number": number})).mappings().one_or_none()
        if row is None:
            raise NothingOpen(str(number))
        return self.whole(**row)


LETTERS = Kind(DEAD, _LETTER, ", key, value, headers", DeadLetter, RawLetter)
EVENTS = Kind(PARKED, _PARKED, ", data", ParkedEvent, ParkedData)
