"""The shapes of a check (抽查): drawn, its lines answered and judged, concluded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Count, Day, Division, Label, PastDay, Sentence, Text, Uscc
from services.jobs.rules.checks import CheckState, Consequence, Evidence, Next, Outcome, Owner, Verdict

_ASKED: dict[str, Any] = {"since": "2017-04-01", "until": "2017-09-30", "due": "2017-10-20", "evidence": ["contract"]}
_LINE: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8031",
    "check": "01890a5d-ac96-774b-bcce-b302099a8030",
    "introduction": "01890a5d-ac96-774b-bcce-b302099a8041",
    "vacancy": "01890a5d-ac96-774b-bcce-b302099a8057",
    "hired_on": "2017-05-02",
    "answer": "合同已签，工资按月发",
    "reference": "合同 2017-118",
    "answered_on": "2017-10-09",
    "verdict": "kept",
    "why": "",
    "judged_by": "officer-1",
    "judged_on": "2017-10-12",
}
_CHECK: dict[str, Any] = {
    **_ASKED,
    "id": "01890a5d-ac96-774b-bcce-b302099a8030",
    "employer": "01890a5d-ac96-774b-bcce-b302099a8001",
    "employer_uscc": "91440300XL0000066R",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "state": "judged",
    "owner": "city",
    "next": "conclude",
    "warned_on": None,
    "closes_on": None,
    "seed": "0f" * 16,
    "pool": 24,
    "pool_digest": "ab" * 32,
    "rule": "check-draw 1",
    "drawn": 1,
    "answered": 1,
    "kept": 1,
    "not_kept": 0,
    "no_answer": 0,
    "asked_by": "officer-1",
    "asked_on": "2017-10-01",
    "outcome": None,
    "consequence": None,
    "concluded_because": "",
    "concluded_by": None,
    "concluded_on": None,
    "version": 3,
}


class CheckShown(BaseModel):
    """抽查 of one firm. Whoever takes SHA-256 of `seed`, a blank and each id of the `pool`, and the first `drawn` by it, draws the same."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _CHECK})

    id: UUID
    employer: UUID
    employer_uscc: str
    employer_name: str
    city: str
    since: date
    until: date
    evidence: list[Evidence]
    due: date
    state: CheckState = Field(description="asked 待答复, judging 待判定, judged 待办结, concluded 已办结")
    owner: Owner | None = Field(description="whose turn it is")
    next: Next | None
    warned_on: date | None
    closes_on: date | None = Field(description="after the warning, the last day for an answer")
    seed: str
    pool: int = Field(description="hires of that time when it was drawn, those that did not come left out")
    pool_digest: str = Field(description="SHA-256 of their introductions' ids, sorted, a blank between them")
    rule: str
    drawn: int
    answered: int
    kept: int
    not_kept: int
    no_answer: int
    asked_by: str
    asked_on: date
    outcome: Outcome | None
    consequence: Consequence | None
    concluded_because: str
    concluded_by: str | None
    concluded_on: date | None
    version: int


class LineShown(BaseModel):
    """One hire that is asked about, by the introduction alone."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _LINE})

    id: UUID
    check: UUID
    introduction: UUID
    vacancy: UUID
    hired_on: date
    answer: str
    reference: str
    answered_on: date | None
    verdict: Verdict | None
    why: str
    judged_by: str | None
    judged_on: date | None


class CheckWithLines(CheckShown):
    """A check with all that was drawn."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": {**_CHECK, "lines": [_LINE]}})

    lines: list[LineShown]


class CheckNew(BaseModel):
    """发起抽查: either a number of hires or a share of them in percent."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_ASKED, "employer_uscc": "91440300XL0000066R", "number": 5}}
    )

    employer_uscc: Uscc
    since: Day
    until: Day
    due: Day
    evidence: Annotated[list[Evidence], Field(min_length=1, max_length=3)]
    number: Annotated[Count, Field(ge=1)] | None = None
    share: Annotated[Count, Field(ge=1, le=100)] | None = Field(default=None, description="percent of the hires")
    city: Division | None = Field(default=None, description="this node's division when left out")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.number is None) == (self.share is None):
            raise ValueError("give a number or a share, one of the two")
        return self


class LineAnswer(BaseModel):
    """答复: what the firm has, and under which number it can be seen."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"answer": "合同已签", "reference": "合同 2017-118"}}
    )

    answer: Sentence
    reference: Label = ""
    on: PastDay | None = None


class LineJudgement(BaseModel):
    """判定一条; `why` is needed unless it was kept."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"verdict": "not_kept", "why": "工资低于公布的下限"}}
    )

    verdict: Verdict
    why: Annotated[Text, Field(max_length=500)] = ""
    on: PastDay | None = None


class CheckConclusion(BaseModel):
    """办结: the whole, and what follows; `until` belongs to the blacklist."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"outcome": "not_kept", "consequence": "end_designation", "reason": "五人中三人未签合同"}
        },
    )

    outcome: Outcome
    consequence: Consequence = "none"
    reason: Sentence
    until: Day | None = None
    on: PastDay | None = None
