"""The HTTP door of every service: what routes may ask for, pages, versions, and creations that may be repeated."""

from libs.common.api.answers import made_at
from libs.common.api.asking import BEARER, OfficeOf, Reading, Tx, allow, authenticate, open_to_all
from libs.common.api.lists import After, Cursor, Limit, Page, after_id, after_number, as_stored, encode_cursor, page_of
from libs.common.api.once import Idempotency, Once, answer_once
from libs.common.api.preconditions import IfMatch, check_version, etag

__all__ = [
    "BEARER",
    "After",
    "Cursor",
    "Idempotency",
    "IfMatch",
    "Limit",
    "OfficeOf",
    "Once",
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
