"""Shapes of spells, wages, notices, risks and transfers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Count, Day, Flag, Month, PastDay
from services.retention.rules import notice
from services.retention.rules.notice import NoticeReason, State
from services.retention.rules.spells import Parting

_INTRODUCTION = "01890a5d-ac96-774b-bcce-b302099a8057"
_VACANCY = "01890a5d-ac96-774b-bcce-b302099a8060"
Fen = Annotated[Count, Field(gt=0, le=100_000_000, description="分 Integer fen")]


def example(**value: Any) -> ConfigDict:
    """Strict input: a field that is not known is refused, not dropped."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(value)]})


def shown(**value: Any) -> ConfigDict:
    """An answer read from a row, with an example."""
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [dict(value)]})


_SPELL: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8070",
    "introduction": _INTRODUCTION,
    "person": None,
    "guest": "01890a5d-ac96-774b-bcce-b302099a8059",
    "county": "433124",
    "city": "440300",
    "vacancy": _VACANCY,
    "employer_uscc": "91440300XL0000066R",
    "occupation": "6-25",
    "start": "2017-05-08",
    "wage_fen": 380000,
    "assisted": True,
    "previous": None,
    "end": None,
    "reason": None,
    "returned_home": False,
    "version": 1,
}
_WAGE: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8071",
    "spell": _SPELL["id"],
    "month": "2017-06",
    "amount_fen": 382000,
    "evidence": "wage_line",
}


class SpellDraft(BaseModel):
    """上岗: who was hired begins to work; `start` is the date of the fact."""

    model_config = example(introduction=_INTRODUCTION, start="2017-02-20", wage_fen=380000)

    introduction: UUID
    start: Day
    wage_fen: Fen
    assisted: Flag = Field(default=True, description="帮扶就业; false for 自主就业")


class SpellCorrection(BaseModel):
    """更正: only what was entered wrongly; the reason is on record through the version."""

    model_config = example(wage_fen=390000)

    start: Day | None = None
    wage_fen: Fen | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.start is None and self.wage_fen is None:
            raise ValueError("nothing to correct: give start or wage_fen")
        return self


class SpellEnd(BaseModel):
    """离岗: `end` is the last day in work."""

    model_config = example(end="2017-05-12", reason="family", returned_home=True)

    end: Day
    reason: Parting
    returned_home: Flag = Field(default=False, description="已返乡: the home county lists the person again")


class Spell(BaseModel):
    """就业: one spell. `person` is known at the home county, `guest` in the city."""

    model_config = shown(**_SPELL)

    id: UUID
    introduction: UUID
    person: UUID | None
    guest: UUID | None
    county: str
    city: str
    vacancy: UUID
    employer_uscc: str | None
    occupation: str | None
    start: date
    wage_fen: int
    assisted: bool
    previous: UUID | None = Field(description="The spell this one was a transfer from")
    end: date | None
    reason: str | None
    returned_home: bool
    version: int


class WageDraft(BaseModel):
    """工资: what was paid for a month, and how it is known."""

    model_config = example(month="2017-03", amount_fen=382000, evidence="wage_line")

    month: Month
    amount_fen: Fen
    evidence: Literal["worker", "roster", "wage_line", "insurance"]


class Wage(BaseModel):
    """A month's pay as it stands."""

    model_config = shown(**_WAGE)

    id: UUID
    spell: UUID
    month: str
    amount_fen: int
    evidence: str


class SpellWithWages(Spell):
    """A spell with the months paid so far."""

    model_config = shown(**_SPELL, wages=[_WAGE])

    wages: list[Wage]


class NoticeDraft(BaseModel):
    """预告离岗: the employer says that somebody must leave; the 48-hour clock runs from `on`."""

    model_config = example(on="2017-04-10", last_day="2017-04-20", reason="order_shortfall")

    on: PastDay
    last_day: Day
    reason: NoticeReason


class Risk(BaseModel):
    """风险 with its clock: `open`, `overdue`, `answered` in time or `answered_late`."""

    model_config = shown(
        id="01890a5d-ac96-774b-bcce-b302099a8072",
        spell=_SPELL["id"],
        introduction=_INTRODUCTION,
        employer_uscc="91440300XL0000066R",
        vacancy=_VACANCY,
        kind="notice",
        reason="order_shortfall",
        on="2017-06-26",
        last_day="2017-07-05",
        deadline="2017-06-28",
        state="open",
        hours_left=48,
        answered_on=None,
        answer=None,
        answer_spell=None,
        as_of="2017-06-26",
        rule="transfer-clock 1",
    )

    id: UUID
    spell: UUID
    introduction: UUID
    employer_uscc: str | None
    vacancy: UUID
    kind: str
    reason: str
    on: date
    last_day: date
    deadline: date
    state: State
    hours_left: int
    answered_on: date | None
    answer: str | None
    answer_spell: UUID | None
    as_of: date
    rule: str

    @classmethod
    def of(cls, risk: notice.Risk, as_of: date) -> Self:
        """A risk with the clock's state on a day."""
        known = asdict(notice.as_known(risk, as_of))
        clock = {"state": notice.state_of(risk, as_of), "hours_left": notice.hours_left(risk, as_of)}
        return cls(**known, **clock, as_of=as_of, rule=notice.RULE)


class TransferDraft(BaseModel):
    """转岗: a vetted vacancy of the same city is taken; `on` is the day of the offer that was accepted."""

    model_config = example(vacancy=_VACANCY, on="2017-04-11", start="2017-04-21", wage_fen=360000)

    vacancy: UUID
    on: PastDay
    start: Day
    wage_fen: Fen
