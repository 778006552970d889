"""What is said with a step of an introduction, for one or for many, and the answer for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonValue

from libs.common.problems import Problem
from libs.common.values import Day, PastDay
from services.matching.operations.introductions.moving import Answers
from services.matching.rules.introductions.reasons import (
    DECLINE_REASONS,
    NO_SHOW_REASONS,
    REJECT_REASONS,
    RESCIND_REASONS,
    WITHDRAWAL_REASONS,
)
from services.matching.rules.introductions.steps import CONSENTS

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"
# So many introductions take a step in one call.
MOST = 2000
On = Field(default=None, description="Day on which it happened; today in Shanghai by default.")
Many = Annotated[
    list[UUID],
    Field(min_length=1, max_length=MOST, description="Whose step it is; each has an answer of its own, in this order"),
]


def _shape(**example: JsonValue) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class NewIntroduction(BaseModel):
    """An officer's own proposal."""

    model_config = _shape(person=_ID, vacancy=_ID, on="2017-05-02")

    person: UUID
    vacancy: UUID
    on: PastDay | None = On


class Dated(BaseModel):
    """A step that only needs its day."""

    model_config = _shape(on="2017-05-03")

    on: PastDay | None = On


class Consent(BaseModel):
    """The person's yes, with the version of the text that was read out."""

    model_config = _shape(consent=CONSENTS[0], on="2017-05-04")

    consent: Literal[CONSENTS]  # type: ignore[valid-type]
    on: PastDay | None = On


class ConsentRecord(BaseModel):
    """同意记录 What the person has agreed to, as an officer of the county recorded it."""

    introduction: UUID
    person: UUID
    county: str
    city: str
    vacancy: UUID
    consent: str
    consent_on: date
    by: str
    recorded_at: datetime
    withdrawn_on: date | None


class Withdrawn(BaseModel):
    """The person withdraws the consent; why is theirs to say or not."""

    model_config = _shape(reason="changed_mind", on="2017-05-20")

    reason: Literal[WITHDRAWAL_REASONS] = "not_said"  # type: ignore[valid-type]
    on: PastDay | None = On


class Declined(BaseModel):
    """The person's no, before a yes or after it."""

    model_config = _shape(reason="too_far", on="2017-05-04")

    reason: Literal[DECLINE_REASONS]  # type: ignore[valid-type]
    on: PastDay | None = On


class Rejected(BaseModel):
    """The employer's no."""

    model_config = _shape(reason="lacking_skills", on="2017-05-08")

    reason: Literal[REJECT_REASONS]  # type: ignore[valid-type]
    on: PastDay | None = On


class Rescinded(BaseModel):
    """The employer takes back a hire (取消录用)."""

    model_config = _shape(reason="post_gone", on="2017-05-12")

    reason: Literal[RESCIND_REASONS]  # type: ignore[valid-type]
    on: PastDay | None = On


class Missed(BaseModel):
    """Whoever was hired has not come (未到岗)."""

    model_config = _shape(reason="did_not_come", on="2017-05-20")

    reason: Literal[NO_SHOW_REASONS] = "did_not_come"  # type: ignore[valid-type]
    on: PastDay | None = On


class DatedMany(Dated):
    model_config = _shape(introductions=[_ID], on="2017-05-03")

    introductions: Many


class ConsentMany(Consent):
    model_config = _shape(introductions=[_ID], consent=CONSENTS[0], on="2017-05-04")

    introductions: Many


class DeclinedMany(Declined):
    model_config = _shape(introductions=[_ID], reason="too_far", on="2017-05-04")

    introductions: Many


class RejectedMany(Rejected):
    model_config = _shape(introductions=[_ID], reason="lacking_skills", on="2017-05-08")

    introductions: Many


class MissedMany(Missed):
    model_config = _shape(introductions=[_ID], reason="did_not_come", on="2017-05-20")

    introductions: Many


class Refusal(BaseModel):
    """Why one of them did not take the step: what the single step would have been refused with."""

    type: str
    title: str
    status: int
    detail: str | None = None

    @classmethod
    def of(cls, problem: Problem) -> Self:
        return cls(type=problem.type(), title=problem.title, status=problem.status, detail=problem.detail or None)


class StepAnswer(BaseModel):
    """One of them: the state in which it is now, or why the step was refused."""

    introduction: UUID
    state: str | None = None
    problem: Refusal | None = None


class StepAnswers(BaseModel):
    """An answer for each, in the order in which they were given."""

    done: int
    refused: int
    items: list[StepAnswer]

    @classmethod
    def of(cls, wanted: Sequence[UUID], answers: Answers) -> Self:
        items = [_answer(each, answers) for each in wanted]
        refused = sum(item.problem is not None for item in items)
        return cls(done=len(items) - refused, refused=refused, items=items)


def _answer(introduction: UUID, answers: Answers) -> StepAnswer:
    told = answers[introduction]
    if isinstance(told, Problem):
        return StepAnswer(introduction=introduction, problem=Refusal.of(told))
    return StepAnswer(introduction=introduction, state=told.state)


class Lapse(BaseModel):
    """Which day counts as today for deadlines."""

    model_config = _shape(as_of="2017-06-30")

    as_of: Day | None = Field(default=None, description="Steps due before this day end; today by default.")


class Lapsed(BaseModel):
    as_of: date
    ended: int
