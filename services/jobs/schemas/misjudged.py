"""The shapes of adverts judged wrongly (误判): marked, decided, shown beside what the present rules say, and as a line of a test set."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Label, PastDay, Sentence
from services.jobs.rules.misjudged import Advert, Misjudged, MisjudgedState, Should, codes_found, is_right
from services.jobs.rules.vetting import VETTING_RULE

_LINE: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8051",
    "city": "440300",
    "on": "2017-04-20",
    "title": "男科医院护士",
    "shift": "",
    "welfare": "五险一金",
    "age_min": None,
    "wage": 4500,
    "should": "pass",
    "codes": [],
    "why": "男科是科室名称",
    "rule": "vetting rules 2017.2",
}
_CASE: dict[str, Any] = {
    **_LINE,
    "vacancy": "01890a5d-ac96-774b-bcce-b302099a8057",
    "stood": "refuse",
    "state": "confirmed",
    "by_firm": True,
    "marked_by": "hr-1",
    "marked_on": "2017-04-21",
    "decided_by": "officer-1",
    "decided_on": "2017-04-22",
    "decided_because": "核实是科室名称",
    "found": ["discriminatory_sex"],
    "right_now": False,
    "rule_now": "vetting rules 2017.2",
}


class CaseLine(BaseModel):
    """误判测试集的一行: an advert and what vetting should say of it. Any version of the rules can be tried on it."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", json_schema_extra={"example": _LINE})

    id: str | UUID
    city: str
    on: date
    title: str
    shift: str = ""
    welfare: str = ""
    age_min: int | None = None
    wage: int | None = None
    should: Should
    codes: list[str] = []
    why: str = ""
    rule: str = Field(default="", description="the version of the rules when it was marked")

    def found(self) -> list[str]:
        """By which rules the present vetting refuses it."""
        facts = self.model_dump(include={"city", "on", "title", "shift", "welfare", "age_min", "wage"})
        return codes_found(Advert(**facts))

    def is_right(self) -> bool:
        """Whether the present rules judge it as they should."""
        return is_right(self.should, self.codes, self.found())


class MisjudgedShown(BaseModel):
    """误判: as the advert stood, what was decided and what should have been, and what the present rules say."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _CASE})

    id: UUID
    vacancy: UUID
    city: str
    on: date = Field(description="the day whose rules hold for it")
    title: str
    shift: str
    welfare: str
    age_min: int | None
    wage: int | None
    stood: Should
    should: Should
    codes: list[str]
    why: str
    rule: str
    state: MisjudgedState = Field(description="claimed 单位申诉, confirmed 已认定, rejected 未认定")
    by_firm: bool
    marked_by: str
    marked_on: date
    decided_by: str | None
    decided_on: date | None
    decided_because: str
    found: list[str] = Field(description="by which rules the present vetting refuses it")
    right_now: bool = Field(description="whether the present rules judge it as they should")
    rule_now: str

    @classmethod
    def of(cls, case: Misjudged) -> Self:
        found = codes_found(case)
        now = {"found": found, "right_now": is_right(case.should, case.codes, found), "rule_now": VETTING_RULE}
        return cls.model_validate({**vars(case), **now})


class MisjudgedNew(BaseModel):
    """标记误判: what vetting should have said; of a refusal, by which rules."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"should": "pass", "codes": [], "why": "男科是科室名称"}}
    )

    should: Should
    codes: Annotated[list[Label], Field(max_length=10)] = []
    why: Sentence
    on: PastDay | None = None


class MisjudgedDecision(BaseModel):
    """认定误判: whether the firm is right, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"decision": "confirm", "reason": "核实是科室名称"}}
    )

    decision: Literal["confirm", "reject"]
    reason: Sentence
    on: PastDay | None = None
