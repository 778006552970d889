"""The shapes of a quarter that both sides sign (季度签认): stated, answered, its entries with who has them, differences settled."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Division, PastDay, Quarter, Text
from services.jobs.rules.counting import Happening
from services.jobs.rules.quarters import QuarterState, SettleReason, Side
from services.jobs.schemas.agreements import Referring

_ID = "01890a5d-ac96-774b-bcce-b302099a8060"
_STATED: dict[str, Any] = {"agreement": "01890a5d-ac96-774b-bcce-b302099a8050", "county": "433124", "period": "2017Q2"}
_TAKEN: dict[str, Any] = {"kind": "posts", "reference": "01890a5d-ac96-774b-bcce-b302099a8051", "reason": "added_late"}
_REFERS: dict[str, Any] = {"introduction": _TAKEN["reference"], "fair": None, "application": None}
HeldBy = Literal["both", "city", "county"]


class SettledShown(Referring):
    """裁定: on what a side has taken the other's word, and why; note and officer of this node alone."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {**_TAKEN, **_REFERS, "side": "city", "note": "", "by": "officer-1", "on": "2017-07-12"}
        },
    )

    side: Side
    reason: SettleReason
    note: str
    by: str
    on: date


class QuarterShown(BaseModel):
    """季度签认. State: stated (the county's turn), differs (either side's), answered (signed by the county, not heard yet by the city),
    signed (both; it stands). `turn` counts the city's statements."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_STATED,
                "id": _ID,
                "state": "differs",
                "turn": 1,
                "stated_on": "2017-07-05",
                "answered_on": "2017-07-10",
                "signed_on": None,
                "settled": [],
                "version": 2,
            }
        },
    )

    id: UUID
    agreement: UUID
    county: str
    period: str = Field(validation_alias=AliasChoices("quarter", "period"), description="季度, 2017Q2")
    state: QuarterState
    turn: int
    stated_on: date
    answered_on: date | None
    signed_on: date | None
    settled: list[SettledShown] = []
    version: int


class QuarterNew(BaseModel):
    """城市签报: a quarter that is over, for one county; said again it is a new statement."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _STATED})

    agreement: UUID
    county: Division
    period: Quarter
    on: PastDay | None = None


class QuarterSign(BaseModel):
    """县方签认: today when no day is said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-07-10"}})

    on: PastDay | None = None


class DifferenceAccept(BaseModel):
    """裁定差异: the other side's word on one introduction or fair, and why it is right."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TAKEN})

    kind: Happening = "posts"
    reference: UUID
    reason: SettleReason
    note: Annotated[Text, Field(max_length=500)] = ""
    on: PastDay | None = None


class EntryShown(Referring):
    """明细: one that counts (`by` 1) or counts no more (-1) since the last signature, and which side has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "posts",
                "reference": "01890a5d-ac96-774b-bcce-b302099a8051",
                "day": "2017-05-02",
                "employer_uscc": "91440300MA5PX00173",
                "by": 1,
                **_REFERS,
                "held_by": "both",
                "to_settle": None,
                "quarter": _ID,
            }
        }
    )

    day: date
    employer_uscc: str
    by: int
    held_by: HeldBy
    quarter: UUID
    to_settle: UUID | None = Field(default=None, description="the reference, where one side alone has it")

    @model_validator(mode="after")
    def _differ(self) -> Self:
        self.to_settle = None if self.held_by == "both" else self.reference
        return self
