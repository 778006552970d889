"""The shapes of writing about a person: facts as cards have them, corrected by hand, and the history of all changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Count, Flag, Label, PastDay, Sentence
from services.registry.rules.changes import Source
from services.registry.rules.departures import Return, Way
from services.registry.schemas import _ID, EntryFindingShown, PersonName

MOST_MONTHS = 12
Months = Annotated[Count, Field(le=MOST_MONTHS, description="务工时间（月）, 0 to 12")]
Number = Annotated[Label, Field(description="证件号码: 18 characters, or the old 15", examples=["433124198206150016"])]


class CardFacts(BaseModel):
    """What a card says of a person beside the number, each in the words of the register's lists (指标值)."""

    model_config = ConfigDict(extra="forbid")

    name: PersonName | None = None
    phone: Label | None = Field(default=None, description="empty: there is none any more")
    household_phone: Label | None = None
    person_no: Label | None = Field(default=None, description="人口编号")
    sex: Label | None = Field(default=None, description="follows from the number; a problem where it differs")
    birth_date: PastDay | None = Field(default=None, description="follows from the number; a problem where it differs")
    township: Label | None = None
    village: Label | None = Field(default=None, description="a village that the register knows in the township")
    ethnic_group: Label | None = None
    kinship: Label | None = Field(default=None, description="与户主关系; a household has one 户主")
    education: Label | None = None
    pupil: Label | None = None
    ability: Label | None = None
    health: Annotated[list[Label], Field(max_length=8)] | None = None
    disability: Label | None = None
    political_status: Label | None = None
    low_income: Flag | None = None
    destitute: Flag | None = None
    work_employer: Label | None = None
    work_months: Months | None = None
    work_place: Label | None = Field(default=None, description="01 to 04 or 99; null: out of work from that day on")
    channel: Label | None = None
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")

    def said(self) -> dict[str, Any]:
        """Only what was said. A null says something of work alone, elsewhere it is nothing."""
        said = self.model_dump(exclude_unset=True, exclude={"on", "reason"})
        return {name: value for name, value in said.items() if value is not None or name in ("work_place", "channel")}


class Correction(CardFacts):
    """更正: what was found to be otherwise. Fields left out stay; another number needs a reason and brings birth date and sex."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"phone": "15400000001", "work_place": "04", "channel": "自主就业", "on": "2017-03-20"}
        },
    )

    number: Number | None = None
    reason: Sentence | None = Field(default=None, description="why; needed for another number, kept with every change")


_CHANGE: dict[str, Any] = {
    "id": _ID,
    "at": "2017-03-20T08:00:00Z",
    "on": "2017-03-20",
    "who": "officer-1",
    "source": "form",
    "batch": None,
    "row": None,
    "field": "phone",
    "before": "138********",
    "after": "154********",
    "reason": None,
}


class ChangeShown(BaseModel):
    """一次变更, masked as a list is. `field` is a fact's name, or `entered`, `wish`, `visit`, `departure`, `household`."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _CHANGE})

    id: UUID
    at: datetime = Field(description="when it was written")
    on: date | None = Field(description="the day on which it holds; null: that was not said")
    who: str = Field(description="empty: not on record")
    source: Source = Field(
        description="typed in, a row of a file, the cadre's phone, another service's event, the person herself"
    )
    batch: UUID | None = Field(description="the import, at /registry/v1/imports/{batch}")
    row: int | None
    field: str
    before: str
    after: str
    reason: str | None


class LabourerCheck(BaseModel):
    """查重: the number first; with name and village also who is perhaps the same."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"number": "433124198206150016", "name": "石秀英", "township": "花垣镇", "village": "老寨村"}
        },
    )

    number: Number
    name: PersonName | None = None
    township: Label = ""
    village: Label = ""


class NewLabourer(CardFacts):
    """新增人员: number first; birth date and sex follow from it. In a `household`, or in the one of a `household_no`.

    A household that is not there yet is made in `township` and `village`; of one that is, they may be left out.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "number": "433124198206150016",
                "name": "石秀英",
                "household_no": "430001",
                "township": "花垣镇",
                "village": "老寨村",
                "kinship": "户主",
                "education": "初中",
                "ability": "普通劳动力",
                "health": ["健康"],
                "phone": "15400000001",
                "on": "2017-03-20",
            }
        },
    )

    number: Number
    name: PersonName
    kinship: Label
    household: UUID | None = None
    household_no: Annotated[Label, Field(min_length=1)] | None = Field(default=None, description="户编号")
    confirmed: Flag = Field(default=False, description="nobody on record who is alike is this person")
    different_from: Annotated[list[UUID], Field(max_length=50)] = Field(
        default=[], description="people on record who are alike and others: those that the 409 named"
    )

    @model_validator(mode="after")
    def _in_one_household(self) -> Self:
        if (self.household is None) == (self.household_no is None):
            raise ValueError(
                "请写明是哪一户：填户编号（household_no），或从户的页面上新增（household） Say which household: either household_no or household."
            )
        return self

    def said(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True, exclude={"on", "household", "confirmed", "different_from"})


class CandidateShown(BaseModel):
    """Perhaps the same person, masked."""

    id: UUID
    household: UUID
    name: str
    number: str
    sex: str
    age_band: str
    township: str
    village: str
    kinship: str


class LabourerChecked(BaseModel):
    """What the number says, and who is on record. `known_as` and `candidates` are people whom the caller may see."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "valid": True,
                "errors": [],
                "birth_date": "1982-06-15",
                "sex": "女",
                "known": False,
                "known_as": None,
                "candidates": [],
                "elsewhere": 0,
            }
        }
    )

    valid: bool
    errors: list[EntryFindingShown]
    birth_date: date | None
    sex: str | None
    known: bool = Field(description="the number is in the register of this county")
    known_as: str | None = Field(description="the address of who has it, where the caller may see that person")
    candidates: list[CandidateShown]
    elsewhere: int = Field(description="how many more there are beyond the caller's townships")


class NewDeparture(BaseModel):
    """减员: `dead` 死亡, `moved_out` 户籍迁出, `settled_abroad` 出国（境）定居, `missing` 失踪, `other` with a reason."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"way": "moved_out", "on": "2017-05-01", "reason": "婚嫁迁出"}}
    )

    way: Way
    on: PastDay = Field(description="gone from that day on")
    reason: Sentence | None = None


class NewReturn(BaseModel):
    """返回: came back, or was never gone (`entered_by_mistake`, with a reason; the only way back from `dead`)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"kind": "came_back", "on": "2017-08-01"}})

    kind: Return
    on: PastDay | None = Field(default=None, description="here again from that day on; today when left out")
    reason: Sentence | None = None
