"""Introductions between a county and a city (介绍上岗), each step by the node that owns it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from libs.common.events.envelope import Audience, Event


class IntroductionStep(Event):
    """`turn` is the number of the step that is told: the later one holds, in whatever order they come; 0 is not numbered."""

    AGGREGATE: ClassVar[str] = "matching.introduction"

    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    on: date
    turn: int = 0

    def key(self) -> str:
        return str(self.introduction)


class IntroductionAgreed(IntroductionStep):
    """The person said yes and the consent is recorded; registry seals the card on this. Stays at home.

    Occupation, experience, certificates, groups and burden are those on which the declared priority was computed.
    """

    TYPE: ClassVar[str] = "matching.introduction.agreed.v1"
    AUDIENCE: ClassVar[Audience] = "home"

    person: UUID
    occupation: str | None = None
    experience: int = 0
    certificates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    burden: int = 0
    consent: str
    consent_on: date


class IntroductionHired(IntroductionStep):
    """The employer hires (录用); for this node's own jobs and retention. `wage` is yuan a month."""

    TYPE: ClassVar[str] = "matching.introduction.hired.v1"
    AUDIENCE: ClassVar[Audience] = "home"

    guest: UUID | None = None
    employer_uscc: str | None = None
    occupation: str | None = None
    wage: int
    seat: str | None = None


class IntroductionReleased(IntroductionStep):
    """Whoever was hired does not have the place any more (未到岗、取消): the opening is free, no spell begins. Stays at home."""

    TYPE: ClassVar[str] = "matching.introduction.released.v1"
    AUDIENCE: ClassVar[Audience] = "home"

    state: str
    reason: str | None = None


class IntroductionSent(IntroductionStep):
    """County to city: how an introduction stands at the county, by pseudonym, with what priority was declared. No name.

    Sent again at each of the county's own steps (`proposed` or `held`, `offered`, `agreed`). An officer's own proposal
    has no run, no pseudonym and no priority. `fair` is the job fair at which the person has signed.
    """

    TYPE: ClassVar[str] = "matching.introduction.sent.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str = "held"
    run: UUID | None = None
    number: int | None = None
    pseudonym: str | None = None
    priority: int | None = None
    weights: str | None = None
    shared: int = 0
    groups: tuple[str, ...] = ()
    seat: str | None = None
    fair: UUID | None = None


class IntroductionWithdrawn(IntroductionStep):
    """County to city: declined by the person, obsolete (agreed elsewhere, moved up), withdrawn, or cancelled after the yes;
    `reason` names it."""

    TYPE: ClassVar[str] = "matching.introduction.withdrawn.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str = "obsolete"
    run: UUID | None = None
    pseudonym: str | None = None
    reason: str


class IntroductionAnswered(IntroductionStep):
    """City to county: `introduced`, `hired`, `started`, `ended`, or why not: `rejected`, `refused`, `withdrawn`, `no_show`,
    `rescinded` with a named reason."""

    TYPE: ClassVar[str] = "matching.introduction.answered.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str
    reason: str | None = None
