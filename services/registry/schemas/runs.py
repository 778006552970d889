"""The shapes of runs of identification: what would change, by township and person, and what was counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Day, Token

_TOWNSHIP: dict[str, Any] = {"township": "花垣镇", "before": 61, "after": 62, "become": 2, "cease": 1}
_RUN: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "day": "2017-03-31",
    "rule": "v1",
    "changed": 3,
    "townships": [_TOWNSHIP],
    "counted_by": "officer-1",
    "counted_at": "2017-04-03T08:00:00Z",
}


class NewRun(BaseModel):
    """重新认定: by which day; with `confirm`, the digest of the difference that was shown, it counts."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"day": "2017-03-31"}})

    day: Day = Field(description="the end of a quarter that is over")
    confirm: Annotated[Token, Field(max_length=32)] | None = Field(
        default=None,
        description="`digest` of the difference as it was shown; left out: it is shown and nothing changes",
    )


class TownshipChangeShown(BaseModel):
    """Labourers of a township before and after; people who become one and who cease to be."""

    model_config = ConfigDict(from_attributes=True)

    township: str
    before: int
    after: int
    become: int
    cease: int


class RejudgedShown(BaseModel):
    """Somebody who is judged otherwise, masked, with the reasons before and after."""

    id: UUID
    household: UUID
    name: str
    township: str
    village: str
    before: list[str]
    after: list[str]


class DifferenceShown(BaseModel):
    """差异: what a run changes. `counted` is the run's id once it counts, null before."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "day": "2017-03-31",
                "rule": "v1",
                "standing_day": "2016-12-31",
                "standing_rule": "v1",
                "changed": 3,
                "townships": [_TOWNSHIP],
                "people": [],
                "digest": "6a1fd6c6ad7ab09d3d8b1c1c3f6b1d1e",
                "counted": None,
            }
        }
    )

    day: date
    rule: str
    standing_day: date | None
    standing_rule: str | None
    changed: int
    townships: list[TownshipChangeShown]
    people: list[RejudgedShown] = Field(description="the first two hundred, by township and village")
    digest: str
    counted: UUID | None


class RunShown(BaseModel):
    """认定记录: a run that was counted, by whom and when."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _RUN})

    id: UUID
    day: date
    rule: str
    changed: int
    townships: list[TownshipChangeShown]
    counted_by: str
    counted_at: datetime
