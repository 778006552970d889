"""The shapes of visits (走访): what was found, what was said, when to come again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Count, Day, Division, Flag, Label, PastDay, Region
from services.registry.rules.changes import Source
from services.registry.rules.fellows import NAME_LIMIT
from services.registry.rules.visits import Found
from services.registry.schemas import _ID

Wage = Annotated[Count, Field(ge=100, le=100_000, description="yuan a month")]
Places = Annotated[list[Region], Field(max_length=20)]
Unwilling = Literal["care_elderly", "care_children", "health", "other"]
Certificate = Literal["forklift", "welding", "electrician", "infant_care", "elderly_care", "driving", "cook"]
Restriction = Literal["heights", "night", "lifting", "chemicals", "standing", "fine_vision", "hearing", "noise"]
Accommodation = Literal["sign_language", "wheelchair", "seated", "quiet"]
Need = Literal["board", "lodging", "insurance"]
_WISH: dict[str, Any] = {"willing": True, "destinations": ["440300"], "wage_expected": 4500, "needs": ["lodging"]}

_VISIT: dict[str, Any] = {
    "id": _ID,
    "person": _ID,
    "visited": "2017-05-20",
    "visited_by": "cadre-1",
    "at": "2017-05-20T08:00:00Z",
    "source": "form",
    "found": "changed",
    "wish": _WISH,
    "next_visit": "2017-08-20",
}


class WishSaid(BaseModel):
    """求职意愿, in codes as the wishes sheet's exchange has them. What is left out is as it was said before."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _WISH})

    willing: Flag = Field(description="愿意外出务工")
    unwilling_reason: Unwilling | None = None
    destinations: Places | None = Field(
        default=None, description="意向地区 in order: cities, or provinces of two digits"
    )
    elsewhere: Literal["none", "province", "anywhere"] | None = None
    refused: Places | None = None
    occupation: Label | None = Field(default=None, description="意向工种: a post or a trade of the list")
    wage_expected: Wage | None = None
    wage_minimum: Wage | None = None
    available_from: Day | None = None
    experience: Annotated[Count, Field(le=60)] | None = Field(default=None, description="full years")
    certificates: Annotated[list[Certificate], Field(max_length=7)] | None = None
    restrictions: Annotated[list[Restriction], Field(max_length=8)] | None = None
    accommodations: Annotated[list[Accommodation], Field(max_length=4)] | None = None
    needs: Annotated[list[Need], Field(max_length=3)] | None = None
    relatives_city: Division | None = None
    zero_employment: Flag | None = None
    training: Label | None = None
    fellows: Annotated[Label, Field(max_length=NAME_LIMIT)] | None = Field(
        default=None, description="结伴小组 of the village; empty: in none any more"
    )

    def said(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True, exclude={"fellows"})


class NewVisit(BaseModel):
    """走访登记: `no_change` alone is one press: what was said before still holds. With a `wish` that is what holds from now on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"on": "2017-05-20", "found": "changed", "wish": _WISH, "next_visit": "2017-08-20"}
        },
    )

    on: PastDay
    found: Found
    wish: WishSaid | None = None
    next_visit: Day | None = None


class NewHouseholdVisit(BaseModel):
    """全户走访: the same was found of everybody who was met; whoever said a wish is visited by themselves."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-05-20", "found": "no_change"}})

    on: PastDay
    found: Found
    people: Annotated[list[UUID], Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="who of them was met; left out, everybody who lives there"
    )
    next_visit: Day | None = None


class VisitShown(BaseModel):
    """一次走访: who was there, what was found, what was said then."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _VISIT})

    id: UUID
    person: UUID
    visited: date
    visited_by: str
    at: datetime
    source: Source
    found: Found
    wish: dict[str, Any] | None = Field(description="what holds from then on; null: nothing was said")
    next_visit: date | None


class HouseholdVisited(BaseModel):
    """全户走访 as it was recorded: a visit of each."""

    model_config = ConfigDict(json_schema_extra={"example": {"household": _ID, "visits": [_VISIT]}})

    household: UUID
    visits: list[VisitShown]
