"""The shapes of households (户): listed, shown with who lives there, entered, corrected, split and joined."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Flag, Label, PastDay, Sentence
from services.registry.schemas import _ID

Named = Annotated[Label, Field(min_length=1)]
_HOUSEHOLD: dict[str, Any] = {
    "id": _ID,
    "township": "花垣镇",
    "village": "老寨村",
    "burden": 35,
    "head": "石**",
    "members": 1,
    "closed_on": None,
    "version": 1,
}


class HouseholdShown(BaseModel):
    """一户 in a list: where it lies, who is head of it, how many live there."""

    model_config = ConfigDict(json_schema_extra={"example": _HOUSEHOLD})

    id: UUID
    township: str
    village: str
    burden: int = Field(description="household points 0-100, rule burden-1")
    head: str | None = Field(description="the head's name, masked; null: nobody is said to be it")
    members: int
    closed_on: date | None = Field(description="since when nobody lives there")
    version: int


class ResidentShown(BaseModel):
    """Somebody who lives there, masked."""

    id: UUID
    name: str
    sex: str
    age_band: str
    kinship: str
    labourer: bool
    version: int


class HouseholdFinding(BaseModel):
    """What does not fit (提示), and the member of whom it is told."""

    code: str
    person: UUID
    zh: str
    en: str


class HouseholdWithResidents(HouseholdShown):
    """一户 with who lives there, and what does not fit: no head, several, several spouses."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_HOUSEHOLD,
                "residents": [
                    {
                        "id": _ID,
                        "name": "石**",
                        "sex": "女",
                        "age_band": "30-34",
                        "kinship": "户主",
                        "labourer": True,
                        "version": 1,
                    }
                ],
                "findings": [],
            }
        }
    )

    residents: list[ResidentShown]
    findings: list[HouseholdFinding]


class NewHousehold(BaseModel):
    """新立户: a number that no other has, in a village that the register knows, or expressly in another one (`new_village`)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"number": "430163", "township": "花垣镇", "village": "老寨村", "on": "2017-03-20"}
        },
    )

    number: Named = Field(description="户编号")
    township: Named
    village: Named
    new_village: Flag = Field(default=False, description="nobody of the village is in the register yet")
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")


class HouseholdCorrection(BaseModel):
    """更正: another number (with a reason), or where the household lies; whoever lives there with it comes along."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"township": "花垣镇", "village": "老寨村", "on": "2017-03-20"}}
    )

    number: Named | None = None
    township: Named | None = None
    village: Named | None = None
    reason: Sentence | None = None
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")


class Mover(BaseModel):
    """Somebody who comes in, and who they are there (与户主关系); as before when left out."""

    model_config = ConfigDict(extra="forbid")

    person: UUID
    kinship: Named | None = None


Movers = Annotated[list[Mover], Field(min_length=1, max_length=50)]


class Split(BaseModel):
    """分户: who of the household forms one of its own, under its own number; in the same village when none is said."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"number": "430164", "members": [{"person": _ID, "kinship": "户主"}], "on": "2017-03-20"}
        },
    )

    number: Named = Field(description="户编号 of the household that is formed")
    members: Movers
    township: Named | None = None
    village: Named | None = None
    on: PastDay | None = None
    reason: Sentence | None = None


class Join(BaseModel):
    """并户: everybody of another household comes in; that one is closed and stays on record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"household": _ID, "kinships": [{"person": _ID, "kinship": "之父"}], "on": "2017-03-20"}
        },
    )

    household: UUID
    kinships: Annotated[list[Mover], Field(max_length=50)] = Field(
        default=[], description="who they are here, of those who are somebody else than before"
    )
    on: PastDay | None = None
    reason: Sentence | None = None


class Move(BaseModel):
    """迁户: to another household of the county; township and village follow."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"household": _ID, "kinship": "之儿媳", "on": "2017-03-20", "reason": "结婚"}},
    )

    household: UUID
    kinship: Named | None = Field(default=None, description="who the person is there; as before when left out")
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")
    reason: Sentence | None = None
