"""Keyset pages with opaque cursors."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, StringConstraints

from libs.common.problems import refuse_field
from libs.common.values import Asked, Count, Kind

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = None


Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$"), Kind("cursor")]
After = Annotated[Cursor | None, Query(description="Cursor `next` of the page before")]
Limit = Annotated[Asked[Count], Query(ge=1, le=200, description="Rows on a page")]


def as_stored(of: type[M], facts: dict[str, Any]) -> M:
    """One row of a page, of values that the store gave with their types: checking fifty of them again costs as much as reading them.

    All of its fields are there. For what comes from outside there is the model itself.
    """
    shown = of.__new__(of)
    for name, value in (
        ("__dict__", facts),
        ("__pydantic_fields_set__", set(facts)),
        ("__pydantic_extra__", None),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(shown, name, value)
    return shown


def encode_cursor(of: str, position: UUID | int | bytes) -> str:
    """The last row of a page, by id or number, as an opaque cursor of that list and no other: four bytes name the list."""
    if isinstance(position, UUID):
        packed = position.bytes
    else:
        packed = position.to_bytes(8, "big", signed=True) if isinstance(position, int) else position
    return base64.urlsafe_b64encode(_name_of(of) + packed).decode().rstrip("=")


def decode_cursor(of: str, cursor: str, size: int) -> bytes:
    """The position that a cursor of this list holds, of so many bytes; 422 when it is none."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        packed = b""
    if len(packed) != 4 + size or packed[:4] != _name_of(of):
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of this list.")
    return packed[4:]


@cache
def _name_of(of: str) -> bytes:
    return hashlib.sha256(of.encode()).digest()[:4]


def after_id(after: str | None, of: type[BaseModel]) -> UUID | None:
    """The id that a page begins after: lists are in the order of ids (UUIDv7, the order of entry). 422 when it is none."""
    return None if after is None else UUID(bytes=decode_cursor(of.__name__, after, 16))


def after_number(after: str | None, of: str) -> int:
    """The number that a list goes on after, 0 for its beginning; 422 when it is none."""
    number = int.from_bytes(decode_cursor(of, after, 8), "big", signed=True) if after else 0
    if number < 0:
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of this list.")
    return number


def page_of(rows: list[M], limit: int, key: Callable[[M], UUID | int]) -> Page[M]:
    """A page from limit + 1 rows: the extra one only tells that more follow."""
    more = len(rows) > limit
    return Page(items=rows[:limit], next=encode_cursor(type(rows[0]).__name__, key(rows[limit - 1])) if more else None)
