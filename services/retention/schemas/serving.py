"""Shapes of services, and of claims with their clock."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from libs.common.values import Count, Month, PastDay, Token
from services.retention.rules import subsidy
from services.retention.rules.serving import ServiceKind
from services.retention.schemas.spells import example, shown

_PERSON = "01890a5d-ac96-774b-bcce-b302099a8058"


Topic = Annotated[Token, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Policy = Annotated[Token, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Papers = Annotated[list["Paper"], Field(max_length=100)]


class _ForSomebody(BaseModel):
    person: UUID | None = Field(default=None, description="At the home county")
    introduction: UUID | None = Field(default=None, description="At the home county or in the city")

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.person is None) == (self.introduction is None):
            raise ValueError("give either person or introduction")
        return self


class ServiceDraft(_ForSomebody):
    """服务: training 培训, guidance 职业指导, introduction 职业介绍, startup 创业服务."""

    model_config = example(person=_PERSON, kind="training", topic="sewing", hours=40, on="2017-03-06")

    kind: ServiceKind
    topic: Topic | None = Field(default=None, description="A code, never free text")
    hours: Annotated[Count, Field(ge=1, le=2000)] | None = None
    on: PastDay


class Service(BaseModel):
    """A service as it was given; `region` gave it, `county` counts it."""

    model_config = shown(
        id="01890a5d-ac96-774b-bcce-b302099a8074",
        person=_PERSON,
        introduction=None,
        county="433124",
        region="433124",
        kind="training",
        topic="sewing",
        hours=40,
        on="2017-03-06",
    )

    id: UUID
    person: UUID | None
    introduction: UUID | None
    county: str
    region: str
    kind: str
    topic: str | None
    hours: int | None
    on: date


class Paper(BaseModel):
    """材料: a paper that was seen; wages are shown month by month."""

    model_config = example(kind="wage_line", month="2017-03")

    kind: Literal["id_copy", "contract", "wage_line"]
    month: Month | None = None

    @model_validator(mode="after")
    def _month_where_monthly(self) -> Self:
        if (self.kind == "wage_line") != (self.month is not None):
            raise ValueError("a month goes with wage_line and with nothing else")
        return self

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.month or ""


class ClaimDraft(_ForSomebody):
    """补贴申领: for the calendar year of `on`, under the policy of the region that is asked."""

    model_config = example(person=_PERSON, policy="transport", on="2017-06-01", evidence=[{"kind": "id_copy"}])

    policy: Policy
    on: PastDay
    evidence: Papers = []


class EvidenceDraft(BaseModel):
    """补件: papers seen on a day; with none it only looks again whether time has brought what was missing."""

    model_config = example(on="2017-06-20", evidence=[{"kind": "contract"}])

    on: PastDay
    evidence: Papers = []


class Missing(BaseModel):
    """One thing missing: `have` of `need`; `due_on` when time alone will bring it."""

    what: str
    have: int
    need: int
    due_on: date | None
    text: str = Field(examples=["wage_line: 2 of 3"])


class Clock(BaseModel):
    """What the claim still lacks as of a day, by which rule."""

    as_of: date
    rule: str
    complete: bool
    missing: list[Missing]

    @classmethod
    def of(cls, clock: subsidy.Clock) -> Self:
        missing = [Missing(**asdict(one), text=str(one)) for one in clock.lacking]
        return cls(as_of=clock.as_of, rule=clock.rule, complete=not missing, missing=missing)


_CLAIM: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8075",
    "person": _PERSON,
    "introduction": "01890a5d-ac96-774b-bcce-b302099a8057",
    "county": "433124",
    "region": "433124",
    "policy": "transport",
    "period": "2017",
    "amount_fen": 60000,
    "state": "open",
    "on": "2017-07-07",
    "decided_on": None,
    "reason": None,
    "earlier_region": None,
    "earlier_period": None,
    "version": 1,
}
_MISSING = {"what": "wage_line", "have": 2, "need": 3, "due_on": None, "text": "wage_line: 2 of 3"}


class Claim(BaseModel):
    """A claim: `open` until complete, `asked` while the home county's ledger decides, then `granted` or `refused`."""

    model_config = shown(**_CLAIM)

    id: UUID
    person: UUID | None
    introduction: UUID
    county: str
    region: str
    policy: str
    period: str
    amount_fen: int
    state: subsidy.State
    on: date
    decided_on: date | None
    reason: subsidy.RefusedBecause | None
    earlier_region: str | None
    earlier_period: str | None
    version: int


class ClaimWithClock(Claim):
    """A claim and what it still lacks."""

    model_config = shown(
        **_CLAIM, clock={"as_of": "2017-07-07", "rule": "430000-2017.1", "complete": False, "missing": [_MISSING]}
    )

    clock: Clock

    @classmethod
    def of(cls, claim: subsidy.Claim, clock: subsidy.Clock) -> Self:
        return cls(**asdict(claim), clock=Clock.of(clock))
