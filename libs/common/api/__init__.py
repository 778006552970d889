"""The HTTP door of every service: what routes may ask for, pages, versions, and creations that may be repeated."""

from libs.common.api.asking import BEARER, Anyone, OfficeOf, Reading, Tx, authenticate, requires
from libs.common.api.lists import (
    After,
    Cursor,
    IfMatch,
    Limit,
    Page,
    after_id,
    after_number,
    check_version,
    encode_cursor,
    etag,
    page_of,
)  # fmt: skip
from libs.common.api.once import Idempotency, Once, answer_once

__all__ = [
    "BEARER",
    "After", "Anyone", "Cursor", "Idempotency", "IfMatch", "Limit", "OfficeOf", "Once", "Page", "Reading", "Tx", "after_id", "after_number", "answer_once",
    "authenticate", "check_version", "encode_cursor", "etag", "page_of", "requires",
]  # fmt: skip
