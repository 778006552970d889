"""The shapes of an agreement (协作协议): entered with totals, broken down line by line, confirmed, ended; its progress and its lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self, get_args
from urllib.parse import urlencode
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.small_numbers import PersonCount, Told, tell, tell_sum
from libs.common.values import Count, Day, Division, Label, PastDay, Sentence, Uscc
from services.jobs.rules.agreements import AgreementKind, AgreementState, Target
from services.jobs.rules.progress import FORECAST_RULE, Progress

_ID = "01890a5d-ac96-774b-bcce-b302099a8050"
_TOTALS: dict[str, Any] = {"posts": 3000, "students": 200, "fairs": 20, "firms": None, "trained": None}
_FACTS: dict[str, Any] = {
    "origin": "433100",
    "title": "济南市—湘西州劳务协作协议",
    "since": "2017-01-01",
    "until": "2020-12-31",
}
_COUNTY: dict[str, Any] = {"kind": "posts", "target": 400, "year": 2017, "county": "433124", "employer_uscc": None}
Year = Annotated[Count, Field(ge=1990, le=2100)]
Number = Annotated[Count, Field(le=10_000_000)]


class TargetLine(BaseModel):
    """指标: of a year or the whole term, of the whole, one county or one firm."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _COUNTY})

    kind: AgreementKind
    target: int
    year: int | None
    county: str | None
    employer_uscc: str | None


class PartLine(BaseModel):
    """签约县: since when it has confirmed the terms as they stand."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"example": {"county": "433124", "confirmed_on": "2017-01-10"}}
    )

    county: str
    confirmed_on: date | None


class AgreementShown(BaseModel):
    """协作协议. `posts` and its like are the targets of the whole term; `waiting` are the counties that have not confirmed."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_FACTS,
                **_TOTALS,
                "id": _ID,
                "destination": "370100",
                "state": "in_force",
                "waiting": [],
                "targets": [_COUNTY],
                "parts": [{"county": "433124", "confirmed_on": "2017-01-10"}],
                "counties": ["433124"],
                "edition": 1,
                "ended_on": None,
                "ended_because": "",
                "version": 3,
            }
        },
    )

    id: UUID
    title: str
    origin: str = Field(description="输出地")
    destination: str = Field(description="用工地, which enters it")
    since: date
    until: date
    state: AgreementState
    posts: int | None = None
    students: int | None = None
    fairs: int | None = None
    firms: int | None = None
    trained: int | None = None
    targets: list[TargetLine]
    parts: list[PartLine]
    counties: list[str]
    waiting: list[str] = []
    edition: int
    ended_on: date | None
    ended_because: str
    version: int

    @model_validator(mode="after")
    def _sum_up(self) -> Self:
        for each in self.targets:
            if each.year is None and each.county is None and each.employer_uscc is None:
                setattr(self, each.kind, each.target)
        self.waiting = [each.county for each in self.parts if each.confirmed_on is None]
        return self


class Totals(BaseModel):
    """Targets of the whole term; nought or null takes one away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TOTALS})

    posts: Number | None = Field(default=None, description="就业 persons who started, each once")
    students: Number | None = Field(default=None, description="接收学生")
    fairs: Number | None = Field(default=None, description="招聘会 held")
    firms: Number | None = Field(default=None, description="企业 that took somebody in, each once")
    trained: Number | None = Field(default=None, description="培训")

    def totals(self) -> dict[AgreementKind, int | None]:
        """What was said of any kind."""
        return {kind: getattr(self, kind) for kind in get_args(AgreementKind) if kind in self.model_fields_set}


_SIGNERS = Annotated[list[Division], Field(max_length=200)]


class AgreementNew(Totals):
    """登记协议: by the destination. Without `counties`, every partner node in the origin signs."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {**_FACTS, "posts": 3000, "fairs": 20}})

    origin: Division
    title: Annotated[Label, Field(min_length=2)]
    since: Day
    until: Day
    counties: _SIGNERS | None = None


class AgreementChange(Totals):
    """更正: only what is sent changes; whoever had confirmed confirms again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"until": "2020-12-31"}})

    title: Annotated[Label, Field(min_length=2)] | None = None
    since: Day | None = None
    until: Day | None = None
    counties: _SIGNERS | None = None


class TargetSet(BaseModel):
    """分解指标: one line; nought takes it away."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _COUNTY})

    kind: AgreementKind
    target: Number
    year: Year | None = Field(default=None, description="the whole term when left out")
    county: Division | None = None
    employer_uscc: Uscc | None = None

    def line(self) -> Target:
        return Target(**self.model_dump())


class AgreementConfirm(BaseModel):
    """确认: today when no day is said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-01-10"}})

    on: PastDay | None = None


class AgreementEnd(BaseModel):
    """结束协议: why before its last day."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "双方商定另签", "on": "2018-12-31"}}
    )

    reason: Sentence
    on: PastDay | None = None


class AgreementProgressShown(BaseModel):
    """进度: `reached` null is counted at another node; `forecast` is to the end of the year or term by `rule`; `few`: it rests on
    less than three months. `gap` is what is missing to the target by now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "posts",
                "year": 2017,
                "county": "433124",
                "employer_uscc": None,
                "target": 400,
                "agreement": _ID,
                "behind": "kind=posts&year=2017&county=433124",
                "reached": 120,
                "signed": 96,
                "forecast": 390,
                "gap": 280,
                "few": False,
                "rule": FORECAST_RULE,
            }
        }
    )

    kind: AgreementKind
    year: int | None
    county: str | None
    employer_uscc: str | None
    target: int | None
    agreement: UUID
    behind: str = Field(description="the query of …/counted, which lists what was reached")
    reached: PersonCount | None
    signed: PersonCount | None = Field(description="双方已签认 what both sides have signed of it")
    forecast: PersonCount | None
    gap: PersonCount | None
    few: bool
    rule: str = FORECAST_RULE

    @classmethod
    def exactly(cls, agreement: UUID, line: Progress) -> Self:
        return cls(**vars(line), **_list_behind(agreement, line), gap=_gap(line.target, line.reached))

    @classmethod
    def told(cls, agreement: UUID, line: Progress, lines: Sequence[Progress]) -> Self:
        """As counts of people are told to whoever may not see who they are (小数抑制): a whole is the sum of what is told of its
        parts, and by firm, where the same people are counted again, nothing is."""
        reached, forecast, signed = tell(line.reached), tell(line.forecast), tell(line.signed)
        if line.employer_uscc:
            reached = forecast = None
        parts = [each for each in lines if each.kind == line.kind and each.county and line.kind != "firms"]
        if line.county is None and line.employer_uscc is None and parts:
            reached = None if reached is None else tell_sum(tell(each.reached or 0) for each in parts)
            signed = None if signed is None else tell_sum(tell(each.signed or 0) for each in parts)
        facts = vars(line) | {"reached": reached, "signed": signed, "forecast": forecast}
        return cls(**facts, **_list_behind(agreement, line), gap=tell(_gap(line.target, reached)))


def _list_behind(agreement: UUID, line: Progress) -> dict[str, Any]:
    names = {"kind": line.kind, "year": line.year, "county": line.county, "employer": line.employer_uscc}
    return {"agreement": agreement, "behind": urlencode({name: value for name, value in names.items() if value})}


def _gap(target: int | None, reached: Told | None) -> int | None:
    return max(target - reached, 0) if target is not None and isinstance(reached, int) else None


_REFERRED: dict[AgreementKind, str] = {
    "posts": "introduction",
    "firms": "introduction",
    "fairs": "fair",
    "students": "application",
    "trained": "application",
}


class Referring(BaseModel):
    """Something with a reference: an introduction, a fair, or an application for a training place."""

    kind: AgreementKind
    reference: UUID
    introduction: UUID | None = None
    fair: UUID | None = None
    application: UUID | None = None

    @model_validator(mode="after")
    def _refer(self) -> Self:
        setattr(self, _REFERRED[self.kind], self.reference)
        return self


class CountedShown(Referring):
    """One of the list behind a figure: `reference` is the introduction (of a firm: its first), `subject` whom it counts as."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "kind": "posts",
                "county": "433124",
                "day": "2017-05-02",
                "reference": "01890a5d-ac96-774b-bcce-b302099a8051",
                "employer_uscc": "91370100MA3C00001A",
                "introduction": "01890a5d-ac96-774b-bcce-b302099a8051",
                "fair": None,
                "application": None,
                "subject": "01890a5d-ac96-774b-bcce-b302099a8051",
            }
        },
    )

    county: str
    day: date
    employer_uscc: str
    subject: str
