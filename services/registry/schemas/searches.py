"""The shapes of searches and counts of people."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.api import Cursor
from libs.common.values import Count, Day, Flag, Label
from services.registry.rules.listing import Filters, Group, Sort, Willing


class Search(BaseModel):
    """检索: a term and what else must hold of whom it finds."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"q": "0016", "township": "花垣镇"}})

    q: Annotated[Label, Field(min_length=1)] = Field(
        description="part of a name, its pinyin or initials; the end or the whole of a number or phone; a household's number"
    )
    township: Label | None = None
    village: Label | None = None
    labourer: Flag | None = None
    employed: Flag | None = None
    willing: Willing | None = None
    visited_before: Day | None = None
    no_phone: Flag | None = None
    group: Group | None = None
    leaver: Flag | None = None
    household: UUID | None = None
    sort: Sort = "entry"
    as_of: Day | None = None
    after: Cursor | None = None
    limit: Annotated[Count, Field(ge=1, le=200)] = 50

    def filters(self) -> Filters:
        return Filters(**self.model_dump(exclude={"q", "as_of", "after", "limit"}))


class LabourersCounted(BaseModel):
    """人数 as of a day."""

    model_config = ConfigDict(json_schema_extra={"example": {"as_of": "2016-12-31", "people": 595}})

    as_of: date
    people: int


class SearchIndexShown(BaseModel):
    """检索索引: how many people can be found, and how many still wait for their tokens."""

    model_config = ConfigDict(json_schema_extra={"example": {"found": 595, "waiting": 0}})

    found: int
    waiting: int
