"""Keyset pages with opaque cursors, and versions as ETags."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query
from pydantic import BaseModel

from libs.common import problems
from libs.common.problems import refuse_field

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = None


After = Annotated[str | None, Query(description="Cursor `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows on a page")]


def encode_cursor(*values: object) -> str:
    """Sort key and id of the last row as an opaque cursor."""
    return base64.urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[str]:
    """The values of a cursor; 422 when it is not one of ours."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [str(value) for value in values]
    except (binascii.Error, ValueError, TypeError) as error:
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of a page.") from error


def after_id(after: str | None) -> UUID | None:
    """The id that a page begins after: lists are in the order of ids (UUIDv7, the order of entry). 422 when it is none."""
    if after is None:
        return None
    try:
        return UUID(decode_cursor(after)[0])
    except (ValueError, IndexError) as error:
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of a page.") from error


def page_of(rows: list[T], limit: int, key: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """A page from limit + 1 rows: the extra one only tells that more follow."""
    more = len(rows) > limit
    return Page(items=rows[:limit], next=encode_cursor(*key(rows[limit - 1])) if more else None)


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"v{version}"'


def if_match(if_match: Annotated[str, Header(alias="If-Match", description='ETag of the version that was read, `"v3"`')] = "") -> int:
    """The version a change is based on; 428 when it is not said."""
    if not if_match:
        raise problems.PreconditionRequired("请在 If-Match 中给出读到的 ETag Send the ETag you read as If-Match.")
    try:
        return int(if_match.strip().strip('"').removeprefix("v"))
    except ValueError as error:
        raise problems.Stale("ETag 无效 This ETag is none of ours.") from error


IfMatch = Annotated[int, Depends(if_match)]


def check_version(expected: int, actual: int) -> None:
    """Refuse a change that is based on an older version (412)."""
    if expected != actual:
        raise problems.Stale(f"当前版本为 {etag(actual)} The current version is {etag(actual)}.")
