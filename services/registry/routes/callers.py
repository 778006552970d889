"""Who may come in: readers, writers, and where a page of a list begins."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from libs.common.api import decode_cursor, requires
from libs.common.identity import Caller
from libs.common.problems import refuse_field

Reader = Annotated[Caller, Depends(requires("registry:read"))]
Writer = Annotated[Caller, Depends(requires("registry:write"))]
Plain = Annotated[bool, Query(description="Names, numbers and phones unmasked; needs registry:names and is noted")]
AsOf = Annotated[date | None, Query(description="The day on which it holds; today in Shanghai when left out", examples=["2016-12-31"])]


def after_id(after: str | None) -> UUID | None:
    """The id a page begins after; 422 when the cursor is none of ours."""
    if after is None:
        return None
    try:
        return UUID(decode_cursor(after)[0])
    except (ValueError, IndexError) as error:
        raise refuse_field("/query/after", "cursor", "游标无效 This is no cursor of a page.") from error
