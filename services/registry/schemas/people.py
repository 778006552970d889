"""The shapes of writing about a person: facts as cards have them, corrected by hand, and the history of all changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Count, Flag, Label, PastDay, Sentence
from services.registry.rules.changes import Source
from services.registry.schemas import _ID, PersonName

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
    source: Source = Field(description="typed in, a row of a file, the cadre's phone, another service's event")
    batch: UUID | None = Field(description="the import, at /registry/v1/imports/{batch}")
    row: int | None
    field: str
    before: str
    after: str
    reason: str | None
