"""The shapes of revealing (显示): for what somebody is named, what is then told, and requests for many that a second officer approves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.exports import EXAMPLE, ExportMark
from libs.common.values import Day, Flag, Label, Text
from services.registry.rules.purposes import Purpose
from services.registry.schemas import _ID, ReasonShown

_WHY: dict[str, Any] = {"purpose": "contact", "reference": "走访登记 2017-03-12 第 8 号"}
_MASKED: dict[str, Any] = {
    "id": _ID,
    "name": "石秀英",
    "number": "433124198206150016",
    "phone": "15400000001",
    "birth_date": "1982-06-15",
}
_PERSON: dict[str, Any] = _MASKED | {
    "household_phone": None,
    "fellows": None,
    "as_of": "2016-12-31",
    "age": 34,
    "labourer_on_day": True,
    "identification": [
        {
            "code": "age",
            "holds": True,
            "zh": "2016-12-31 满 34 岁，在 16–59 岁之间",
            "en": "34 years old on 2016-12-31, within 16 to 59",
        }
    ],
}
_REQUEST: dict[str, Any] = {
    "id": _ID,
    "state": "requested",
    **_WHY,
    "as_of": "2016-12-31",
    "people": 61,
    "requested_by": "officer-1",
    "requested_at": "2017-03-12T08:00:00Z",
    "approved_by": None,
    "approved_at": None,
    "expires_at": None,
    "collected_at": None,
    "version": 1,
}


class Why(BaseModel):
    """用途与依据: for what the names are needed, and where that can be looked up (a case, a form, an introduction)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _WHY})

    purpose: Purpose
    reference: Annotated[Text, Field(min_length=1, max_length=120)]


class WhyLabourer(Why):
    """Of the county's own people, also on which day age and identification are judged; today when left out."""

    as_of: Day | None = None


class LabourerRevealed(BaseModel):
    """一人的明文: what names the person, and the age and the identification judged on the day asked for."""

    model_config = ConfigDict(json_schema_extra={"example": _PERSON})

    id: UUID
    name: str
    number: str
    phone: str | None
    household_phone: str | None
    birth_date: date
    fellows: str | None = Field(description="结伴小组: the group's name")
    as_of: date
    age: int
    labourer_on_day: bool
    identification: list[ReasonShown]


class GuestRevealed(BaseModel):
    """来人的明文. To an employer without the number and the birth date."""

    model_config = ConfigDict(json_schema_extra={"example": _MASKED})

    id: UUID
    name: str
    number: str | None
    phone: str | None
    birth_date: date | None


class NewReveals(Why):
    """批量申请: some people by id, or everybody of a township, or by the verdict; a second officer approves."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_WHY, "township": "花垣镇", "labourer": True}}
    )

    ids: Annotated[list[UUID], Field(min_length=1, max_length=10_000)] | None = None
    township: Annotated[Label, Field(min_length=1)] | None = None
    labourer: Flag | None = None
    as_of: Day | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.ids is not None and (self.township is not None or self.labourer is not None):
            raise ValueError("按编号或按条件，二选一 Either ids or a filter.")
        return self


class RevealsShown(BaseModel):
    """一项批量申请: who asked for how many people and for what, who approved, and until when it can be collected, once."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _REQUEST})

    id: UUID
    state: Literal["requested", "approved", "collected", "expired"]
    purpose: Purpose
    reference: str
    as_of: date
    people: int
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    expires_at: datetime | None
    collected_at: datetime | None
    version: int


class RevealedPeople(BaseModel):
    """The people of an approved request, told once; whoever has left the register since is not among them."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": _ID, "mark": EXAMPLE, "items": [_PERSON]}})

    id: UUID
    mark: ExportMark
    items: list[LabourerRevealed]
