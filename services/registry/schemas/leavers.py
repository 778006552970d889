"""The shapes of school leavers (两后生): listed masked with their plans, counted by township, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import PastDay, Text
from services.registry.rules.leavers import LeaversOfTownship, LeaverWindow, Plan, StandingPlan
from services.registry.schemas import _ID

_LEAVER: dict[str, Any] = {
    "id": _ID,
    "household": "01890a5d-ac96-774b-bcce-b302099a8001",
    "name": "石**",
    "phone": "154********",
    "household_phone": None,
    "sex": "男",
    "age_band": "16-19",
    "township": "花垣镇",
    "village": "老寨村",
    "education": "初中",
    "willing": True,
    "training": "电工",
    "work_place": None,
    "plan": "training",
    "said_on": "2017-05-20",
    "noted_by": "cadre-1",
    "note": "想学电工",
    "judged_on": "2017-03-31",
    "rule": "leavers-1",
}
_SAID: dict[str, Any] = {
    "id": _ID,
    "plan": "training",
    "said_on": "2017-05-20",
    "note": "想学电工",
    "noted_by": "cadre-1",
    "at": "2017-05-20T08:00:00Z",
}


class LeaverShown(BaseModel):
    """两后生, masked. `plan`: an application, work and a course completed are what the register knows,
    all else is what was said last; null: nobody knows of any."""

    model_config = ConfigDict(json_schema_extra={"example": _LEAVER})

    id: UUID
    household: UUID
    name: str
    phone: str | None
    household_phone: str | None
    sex: str
    age_band: str
    township: str
    village: str
    education: str
    willing: bool | None = Field(description="愿意外出务工; null: not asked yet")
    training: str | None = Field(description="what they want to learn, as was said at a visit")
    work_place: str | None
    plan: StandingPlan | None
    said_on: date | None
    noted_by: str | None = Field(description="who asked last")
    note: str | None
    judged_on: date = Field(description="the quarter's end by which the rule judges, the same for everybody")
    rule: str


class SaidPlanShown(BaseModel):
    """打算 as it was said."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _SAID})

    id: UUID
    plan: Plan
    said_on: date
    note: str
    noted_by: str
    at: datetime


class LeaverWithPlans(LeaverShown):
    """One person with everything that was said, the newest first, and why they are no leaver where they are none."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_LEAVER, "leaver": True, "reasons": [], "said": [_SAID]}}
    )

    leaver: bool
    reasons: list[str] = Field(description="why not: age, in_school, education; empty for a leaver")
    said: list[SaidPlanShown]


class PlanSaid(BaseModel):
    """记打算: 升学 further_study, 就业 work, 参训 training, 暂不 not_now."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"plan": "training", "note": "想学电工", "on": "2017-05-20"}}
    )

    plan: Plan
    note: Annotated[Text, Field(max_length=200)] = ""
    on: PastDay | None = Field(default=None, description="the day on which it was said; today when left out")


class TownshipLeavers(BaseModel):
    """A township's leavers."""

    model_config = ConfigDict(from_attributes=True)

    township: str
    people: int
    unplanned: int


class LeaversCounted(BaseModel):
    """两后生人数 by township; `unplanned` is of how many nobody knows a plan."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "as_of": "2017-05-20",
                "judged_on": "2017-03-31",
                "rule": "leavers-1",
                "people": 31,
                "unplanned": 12,
                "townships": [{"township": "花垣镇", "people": 31, "unplanned": 12}],
            }
        }
    )

    as_of: date
    judged_on: date
    rule: str
    people: int
    unplanned: int
    townships: list[TownshipLeavers]

    @classmethod
    def of(cls, as_of: date, window: LeaverWindow, counts: Sequence[LeaversOfTownship]) -> Self:
        return cls(
            as_of=as_of,
            judged_on=window.judged_on,
            rule=window.rule,
            people=sum(each.people for each in counts),
            unplanned=sum(each.unplanned for each in counts),
            townships=[TownshipLeavers.model_validate(each) for each in counts],
        )
