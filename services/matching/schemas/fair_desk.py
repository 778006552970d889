"""What a fair's desk sends (报名、到场、现场签约), for many at once, and the answer for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.problems import Problem
from libs.common.values import PastDay
from services.matching.operations import fairs, signings
from services.matching.rules.fairs import MOST, Entry, Signing
from services.matching.rules.introductions.steps import CONSENTS
from services.matching.schemas.introduction_steps import Refusal

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a20"


class PeopleNamed(BaseModel):
    """Whom it is about, by id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"people": [_ID]}})

    people: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


class VisitorAnswer(BaseModel):
    """One of them: as it stands now, or why not."""

    person: UUID
    signed_up_on: date | None = None
    came_on: date | None = None
    problem: Refusal | None = None


class VisitorAnswers(BaseModel):
    """An answer for each, in the order in which they were named."""

    done: int
    refused: int
    items: list[VisitorAnswer]

    @classmethod
    def of(cls, wanted: Sequence[UUID], answers: fairs.Answers) -> Self:
        items = [_visitor(each, answers) for each in wanted]
        refused = sum(item.problem is not None for item in items)
        return cls(done=len(items) - refused, refused=refused, items=items)


def _visitor(person: UUID, answers: fairs.Answers) -> VisitorAnswer:
    told = answers[person]
    if isinstance(told, Problem):
        return VisitorAnswer(person=person, problem=Refusal.of(told))
    return VisitorAnswer(person=person, signed_up_on=told.signed_up_on, came_on=told.came_on)


class EntryNew(BaseModel):
    """现场签约: `entry` is an id that the desk has made, so that it may send it again; the person has said yes to that text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"entry": _ID, "person": _ID, "vacancy": _ID, "consent": CONSENTS[0], "on": "2017-06-10"}
        },
    )

    entry: UUID
    person: UUID
    vacancy: UUID
    consent: Literal[CONSENTS]  # type: ignore[valid-type]
    on: PastDay = Field(description="the day on which it was signed, which is the fair's, however late it is sent")

    def noted(self) -> Entry:
        return Entry(**self.model_dump())


class EntriesNew(BaseModel):
    """A desk's queue, the oldest first."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "entries": [{"entry": _ID, "person": _ID, "vacancy": _ID, "consent": CONSENTS[0], "on": "2017-06-10"}]
            }
        },
    )

    entries: Annotated[list[EntryNew], Field(min_length=1, max_length=MOST)]


class SigningAnswer(BaseModel):
    """One entry: the introduction that it became, or why it became none."""

    entry: UUID
    introduction: UUID | None = None
    problem: Refusal | None = None


class SigningAnswers(BaseModel):
    """An answer for each, in the order in which they were sent."""

    done: int
    refused: int
    items: list[SigningAnswer]

    @classmethod
    def of(cls, entries: Sequence[EntryNew], answers: signings.Answers) -> Self:
        items = [_signing(answers[each.entry]) for each in entries]
        refused = sum(item.problem is not None for item in items)
        return cls(done=len(items) - refused, refused=refused, items=items)


def _signing(told: Signing) -> SigningAnswer:
    if told.introduction is not None:
        return SigningAnswer(entry=told.entry, introduction=told.introduction)
    refusal = {"type": told.refusal, "title": told.title, "status": told.status, "detail": told.detail}
    return SigningAnswer(entry=told.entry, problem=Refusal.model_validate(refusal))
