"""The shapes of an employer (企业): shown, entered, corrected, vetted, appealed, merged, blacklisted, and what was written of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Count, Day, Division, Flag, Label, PastDay, Sentence, Text, Uscc
from services.jobs.rules.employers import EmployerFacts, EmployerState
from services.jobs.rules.history import Source

Name = Annotated[Text, Field(min_length=2, max_length=100)]
Staff = Annotated[Count, Field(le=10_000_000)]
On = Annotated[PastDay | None, Field(description="the day on which this holds; today when left out")]
_FACTS: dict[str, Any] = {
    "name": "深圳市鬼宿汽车部件有限公司",
    "district": "宝安区",
    "industry": "汽车零部件",
    "staff": 150,
    "licence": "440306110000066",
    "contact": "王主任",
    "phone": "0755-27000066",
}


class EmployerShown(BaseModel):
    """企业. Contact and phone are shown to officers and to the firm itself."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_FACTS,
                "id": "01890a5d-ac96-774b-bcce-b302099a8001",
                "city": "440300",
                "uscc": "91440300XL0000066R",
                "designated": True,
                "base": True,
                "listed_on": "2017-03-31",
                "contact": None,
                "phone": None,
                "state": "listed",
                "merged_into": None,
                "export_licence": "",
                "export_licence_until": None,
                "contact_confirmed_on": "2017-03-31",
                "reasons": [],
                "decided_by": "officer-1",
                "decided_on": "2017-03-31",
                "appeal_by": None,
                "appeal": "",
                "appealed_on": None,
                "blacklisted": False,
                "blacklisted_from": None,
                "blacklisted_until": None,
                "blacklisted_because": "",
                "version": 1,
            }
        },
    )

    id: UUID
    city: str
    uscc: str
    name: str
    district: str
    industry: str
    staff: int | None
    licence: str = Field(description="营业执照 or the like")
    export_licence: str = Field(description="对外劳务合作经营资格")
    export_licence_until: date | None
    designated: bool = Field(description="定点接收单位")
    base: bool = Field(description="就业扶贫基地")
    listed_on: date
    contact: str | None = None
    phone: str | None = None
    state: EmployerState = Field(description="pending waits for an officer; merged stands for another entry")
    merged_into: UUID | None
    contact_confirmed_on: date | None = Field(description="when an officer has called the contact")
    reasons: list[str]
    decided_by: str | None
    decided_on: date | None
    appeal_by: date | None = Field(description="the last day on which a refused firm may appeal")
    appeal: str
    appealed_on: date | None
    blacklisted: bool = Field(description="today")
    blacklisted_from: date | None
    blacklisted_until: date | None = Field(description="the last day; the firm's vacancies come back on the next one")
    blacklisted_because: str
    version: int


class EmployersCounted(BaseModel):
    """How many employers a list with the same filters holds."""

    model_config = ConfigDict(json_schema_extra={"example": {"employers": 75}})

    employers: int


class EmployerNew(BaseModel):
    """登记单位: an officer's is listed at once; a firm's own says licence, contact and phone, and waits for an officer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"uscc": "91440300XL0000066R", **_FACTS}})

    uscc: Uscc
    name: Name
    city: Division | None = Field(default=None, description="this node's division when left out")
    district: Label = ""
    industry: Label = ""
    staff: Staff | None = None
    licence: Label = ""
    contact: Label = ""
    phone: Label = ""
    on: On = None

    def facts(self) -> EmployerFacts:
        return EmployerFacts(**self.model_dump(exclude={"uscc", "city", "on"}))


class EmployerChange(BaseModel):
    """更正单位: fields left out stay. Another credit code is another entry, into which this one is merged."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"phone": "0755-27000067", "reason": "换了联系电话"}}
    )

    name: Name | None = None
    district: Label | None = None
    industry: Label | None = None
    staff: Staff | None = None
    licence: Label | None = None
    contact: Label | None = None
    phone: Label | None = None
    export_licence: Label | None = Field(default=None, description="对外劳务合作经营资格, as an officer has seen it")
    export_licence_until: Day | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    on: On = None

    def said(self) -> dict[str, object]:
        """What was said; a null clears a number or a day, and says nothing elsewhere."""
        told = self.model_dump(exclude_unset=True, exclude={"reason", "on"})
        return {
            name: value
            for name, value in told.items()
            if value is not None or name in ("staff", "export_licence_until")
        }


class EmployerDecision(BaseModel):
    """单位审核. Passing says that somebody has called the contact; refusing says why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"decision": "pass", "contact_confirmed": True, "on": "2017-04-02"}},
    )

    decision: Literal["pass", "refuse"]
    contact_confirmed: Flag = False
    reasons: Annotated[list[Sentence], Field(max_length=10)] = []
    on: On = None


class Appeal(BaseModel):
    """申诉: why the decision is wrong."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"words": "营业执照已年检，复印件随附", "on": "2017-04-20"}}
    )

    words: Sentence
    on: On = None


class EmployerMerge(BaseModel):
    """合并单位: the credit code of the entry that goes; this one takes over what hangs on it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"goes": "440301103097413", "reason": "旧注册号的同一家"}}
    )

    goes: Uscc
    reason: Sentence
    on: On = None


class Blacklisting(BaseModel):
    """列入失信名单: why, and the last day."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "拖欠工资", "until": "2017-12-31", "on": "2017-06-01"}}
    )

    reason: Sentence
    until: Day
    on: On = None


class Lifting(BaseModel):
    """移出失信名单: why before its time."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "已全部补发"}})

    reason: Sentence
    on: On = None


class EmployerChangeShown(BaseModel):
    """一次变更. `field` is a member of the employer, or `entered`; values as text, contact and phone masked for whoever may not
    know them."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01890a5d-ac96-774b-bcce-b302099a8009",
                "at": "2017-04-02T08:00:00Z",
                "who": "officer-1",
                "source": "form",
                "field": "name",
                "before": "深圳鬼宿汽车部件公司",
                "after": "深圳市鬼宿汽车部件有限公司",
                "reason": "名称写错",
            }
        }
    )

    id: UUID
    at: datetime
    who: str
    source: Source
    field: str
    before: str
    after: str
    reason: str
