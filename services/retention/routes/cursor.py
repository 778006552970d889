"""Lists are in the order of ids (UUIDv7: the order of entry), so a cursor is one id."""

from __future__ import annotations

from uuid import UUID

from libs.common.api import decode_cursor
from libs.common.problems import refuse_field


def after_id(after: str | None) -> UUID | None:
    """The id a page begins after; 422 when the cursor is none of ours."""
    if after is None:
        return None
    try:
        return UUID(decode_cursor(after)[0])
    except (ValueError, IndexError) as error:
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of a page.") from error
