"""The HTTP door of every service: what routes may ask for, pages, versions, and creations that may be repeated."""

from libs.common.api.answers import made_at
from libs.common.api.dependencies import BEARER, ContextOf, Reading, Tx, allow, authenticate, open_to_all
from libs.common.api.idempotency import Idempotency, answer_once
from libs.common.api.pagination import (
    After,
    Cursor,
    Limit,
    Page,
    after_id,
    after_number,
    as_stored,
    encode_cursor,
    page_of,
)
from libs.common.api.preconditions import IfMatch, check_version, etag

__all__ = [
    "BEARER",
    "After",
    "ContextOf",
    "Cursor",
    "Idempotency",
    "IfMatch",
    "Limit",
    "Page",
    "Reading",
    "Tx",
    "after_id",
    "after_number",
    "allow",
    "answer_once",
    "as_stored",
    "authenticate",
    "check_version",
    "encode_cursor",
    "etag",
    "made_at",
    "open_to_all",
    "page_of",
]
