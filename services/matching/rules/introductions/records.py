"""An introduction (介绍) as both its nodes keep it, each with its own part, and what is kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID


class DeclaredFacts(TypedDict):
    """The facts that a card will have to bear out, as JSON keeps them."""

    occupation: str | None
    experience: int
    certificates: list[str]
    groups: list[str]
    burden: int


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """`person`, `declared` and the consent are known at the county alone, `guest` and `wage` at the city alone.

    `turn` numbers the steps of both sides; `fair` is where it was signed; `lapses_on` is the day after which this node ends it by itself, `warned_on` the one on
    which it has said so.
    """

    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    state: str
    changed_on: date
    reason: str | None = None
    due: date | None = None
    turn: int = 1
    lapses_on: date | None = None
    warned_on: date | None = None
    version: int = 1
    run: UUID | None = None
    number: int | None = None
    pseudonym: str | None = None
    priority: int | None = None
    weights: str | None = None
    shared: int = 0
    groups: Sequence[str] = ()
    seat: str | None = None
    person: UUID | None = None
    declared: DeclaredFacts | None = None
    consent: str | None = None
    consent_on: date | None = None
    guest: UUID | None = None
    wage: int | None = None
    recorded_for: UUID | None = None
    second_yes: bool = False
    fair: UUID | None = None

    @property
    def recorded(self) -> UUID | None:
        """For whom it was recorded: somebody who may be another's record since."""
        return self.recorded_for or self.person

    @property
    def whose(self) -> UUID:
        """The person, at the county; LookupError elsewhere."""
        if self.person is None:
            raise LookupError(f"nobody knows here whose introduction {self.introduction} is")
        return self.person


@dataclass(frozen=True, kw_only=True)
class ListedIntroduction(Introduction):
    """With what one wants to see of the vacancy and of the consent; `offered` is the vacancy's wage."""

    title: str | None
    employer_name: str | None
    employer_uscc: str | None
    occupation: str | None
    offered: int | None
    township: str | None
    consent_withdrawn_on: date | None
    card_erased_on: date | None


@dataclass(frozen=True)
class StepTaken:
    """A line of an introduction's history."""

    number: int
    state: str
    reason: str | None
    on: date
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class Guest:
    """外来务工人员: the facts of the card that came with an introduction; nobody's name."""

    introduction: UUID
    guest: UUID
    county: str
    birth_date: date
    education: int
    occupation: str | None
    experience: int
    certificates: Sequence[str]
    groups: Sequence[str]
    burden: int
    received_on: date


@dataclass(frozen=True)
class GivenConsent:
    """同意: what an officer of the county recorded when the person said yes."""

    introduction: UUID
    person: UUID
    county: str
    city: str
    vacancy: UUID
    consent: str
    consent_on: date
    by: str
    recorded_at: datetime


@dataclass(frozen=True)
class ConsentWithdrawal:
    """撤回同意: the fact alone; `erased_on` is the day on which the city said that the card is gone."""

    introduction: UUID
    county: str
    city: str
    on: date
    reason: str | None
    by: str
    erased_on: date | None = None
