"""The shapes of introductions: ids, places and steps; never a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.matching.rules.introductions.records import ListedIntroduction, StepTaken
from services.matching.rules.introductions.steps import lapse_of, next_of, owner_of
from services.matching.rules.introductions.wording import REASONS, STATES

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"


class Said(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


_EXAMPLE: JsonDict = {
    "id": _ID,
    "state": "offered",
    "wording": {"zh": "已告知本人，等待答复", "en": "Offered; waiting for the person's answer"},
    "reason": None,
    "owner": "county",
    "next": ["agreed", "declined", "obsolete", "withdrawn"],
    "due": "2017-05-10",
    "lapses_to": "withdrawn",
    "lapses_on": "2017-05-10",
    "warned_on": None,
    "changed_on": "2017-05-03",
    "version": 2,
    "county": "433124",
    "city": "440300",
    "vacancy": _ID,
    "title": "电子组装工",
    "employer_name": "深圳某电子有限公司",
    "run": _ID,
    "number": 2,
    "pseudonym": "k7Q2",
    "priority": 431,
    "weights": "2017.1",
    "shared": 0,
    "groups": [],
    "seat": "open",
    "person": _ID,
    "guest": None,
}


class Introduction(BaseModel):
    """One introduction as this node sees it. `person` is known at the county, `guest` at the city."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: UUID
    state: str
    wording: Said
    reason: str | None
    reason_wording: Said | None = None
    owner: str | None = Field(description="Whose step is next, county or city; null when it has ended")
    next: list[str] = Field(description="What may come next")
    due: date | None = Field(description="Until when the next step is due, counted from the day of the last one")
    lapses_to: str | None = Field(default=None, description="What it becomes when nobody takes the step in time")
    lapses_on: date | None = Field(
        default=None,
        description="After this day the owner's node ends it by itself: the due day, or later where the step was entered late",
    )
    warned_on: date | None = Field(
        default=None, description="The day on which this node told that it will end by itself"
    )
    changed_on: date
    version: int
    county: str
    city: str
    vacancy: UUID
    title: str | None
    employer_name: str | None
    employer_uscc: str | None
    occupation: str | None
    wage: int | None
    run: UUID | None
    number: int | None
    pseudonym: str | None
    priority: int | None
    weights: str | None
    shared: int
    groups: list[str]
    seat: str | None
    fair: UUID | None = Field(default=None, description="招聘会: where it was signed on the spot")
    person: UUID | None
    township: str | None
    guest: UUID | None
    consent: str | None
    consent_on: date | None
    consent_withdrawn_on: date | None = Field(
        default=None, description="撤回同意: from this day on nothing rests on the consent"
    )
    card_erased_on: date | None = Field(
        default=None, description="The day on which the city said that the card is erased"
    )

    second_yes: bool = Field(
        default=False, description="合并: two records of one person had agreed each; an officer ends one of the two"
    )

    @classmethod
    def of(cls, row: ListedIntroduction, *, for_employer: bool = False) -> Self:
        """An employer is not told how the place was won: seat and groups would say who is disabled or out of work."""
        return cls.model_validate({**said_of(row), **(_WITHHELD if for_employer else {})})


_WITHHELD: Mapping[str, object] = {
    "second_yes": False,
    "pseudonym": None,
    "priority": None,
    "shared": 0,
    "groups": [],
    "seat": None,
    "run": None,
    "number": None,
}


def said_of(row: ListedIntroduction) -> Mapping[str, object]:
    """A row as the list shows it, with the public wording of its state and reason."""
    told = REASONS.get(row.reason or "")
    facts = {
        **vars(row),
        "id": row.introduction,
        "wage": row.wage if row.wage is not None else row.offered,
        "owner": owner_of(row.state),
        "next": next_of(row.state),
        "lapses_to": lapse_of(row.state),
    }
    return {
        **facts,
        "wording": Said.model_validate(STATES[row.state]),
        "reason_wording": Said.model_validate(told) if told else None,
    }


class Step(BaseModel):
    """One step of the history: what, when, and which node or officer."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    state: str
    reason: str | None
    on: date
    by: str
    recorded_at: datetime


class IntroductionWithSteps(Introduction):
    """An introduction with its history."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_EXAMPLE,
                "steps": [
                    {
                        "number": 1,
                        "state": "offered",
                        "reason": None,
                        "on": "2017-05-03",
                        "by": "n433124/officer",
                        "recorded_at": "2017-05-03T02:00:00Z",
                    }
                ],
            }
        }
    )

    steps: list[Step]

    @classmethod
    def with_steps(cls, row: ListedIntroduction, steps: Sequence[StepTaken], *, for_employer: bool = False) -> Self:
        history = [Step.model_validate(step) for step in steps]
        return cls.model_validate({**said_of(row), **(_WITHHELD if for_employer else {}), "steps": history})
