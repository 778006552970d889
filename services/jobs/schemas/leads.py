"""The shapes of a lead (线索): noted, shown, dropped."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Count, Division, Label, PastDay, Sentence, Text, Uscc
from services.jobs.rules.leads import LeadSource, LeadState

_FACTS: dict[str, Any] = {
    "source": "chamber",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "employer_uscc": "91440300XL0000066R",
    "title": "叉车司机",
    "openings": 5,
    "wage": 4500,
    "district": "宝安区",
    "note": "商会月会上说五月要人",
    "heard_on": "2017-04-20",
}


class LeadShown(BaseModel):
    """线索. `listed` has become the `vacancy`, `dropped` came to nothing."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_FACTS,
                "id": "01890a5d-ac96-774b-bcce-b302099a8011",
                "city": "440300",
                "noted_by": "officer-1",
                "state": "open",
                "vacancy": None,
                "closed_on": None,
                "closed_because": "",
                "version": 1,
            }
        },
    )

    id: UUID
    city: str
    source: LeadSource
    employer_name: str
    employer_uscc: str | None
    title: str
    openings: int | None
    wage: int | None
    district: str
    note: str
    heard_on: date
    noted_by: str
    state: LeadState
    vacancy: UUID | None
    closed_on: date | None
    closed_because: str
    version: int


class LeadNew(BaseModel):
    """登记线索: what was heard; of who told it only the kind, for a name is nobody's business here."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _FACTS})

    source: LeadSource
    employer_name: Annotated[Text, Field(min_length=2, max_length=100)]
    title: Annotated[Text, Field(min_length=1, max_length=100)]
    employer_uscc: Uscc | None = None
    openings: Annotated[Count, Field(le=1_000_000)] | None = None
    wage: Annotated[Count, Field(le=1_000_000)] | None = Field(default=None, description="yuan a month")
    district: Label = ""
    note: Annotated[Text, Field(max_length=500)] = ""
    heard_on: PastDay | None = Field(default=None, description="today when left out")
    city: Division | None = Field(default=None, description="this node's division when left out")


class LeadDrop(BaseModel):
    """放弃线索: why nothing came of it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "单位已招满"}})

    reason: Sentence
    on: PastDay | None = None
