"""What jobs announces: vacancies that passed vetting, their withdrawal, job fairs, firms that were merged, and its figures."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.events.envelope import Audience, Event


class VacancyAnnounced(Event):
    """The whole state of one vetted vacancy (岗位); announced again on every change. Wages in yuan a month."""

    TYPE: ClassVar[str] = "jobs.vacancy.announced.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.vacancy"

    vacancy: UUID
    city: str
    employer: UUID | None = None
    employer_uscc: str | None = None
    employer_name: str
    title: str
    industry: str | None = None
    occupation: str | None = None
    openings: int
    openings_left: int
    reserved: dict[str, int] = Field(default_factory=dict)
    wage: int
    wage_max: int | None = None
    wage_basis: str = "month"
    age_min: int | None = None
    age_max: int | None = None
    education_min: int = 0
    certificates: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    starts_by: date
    offers: tuple[str, ...] = ()
    experience_points: int = 0
    valid_until: date | None = None
    # Where the work is, of a post abroad; `city` is the one that sees to it.
    kind: str = "ordinary"
    country: str | None = None
    on: date

    def key(self) -> str:
        return str(self.vacancy)


class VacancyWithdrawn(Event):
    """A vacancy is no longer offered (撤岗); nobody may be introduced to it any more."""

    TYPE: ClassVar[str] = "jobs.vacancy.withdrawn.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.vacancy"

    vacancy: UUID
    city: str
    reason: str
    on: date

    def key(self) -> str:
        return str(self.vacancy)


class BoothAnnounced(BaseModel):
    """One firm at a fair (展位). Without `vacancies` it is there with whatever of its posts are offered; `city` is the one that lists
    them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    employer: UUID | None = None
    employer_uscc: str
    employer_name: str
    city: str
    vacancies: tuple[UUID, ...] = ()


class FairAnnounced(Event):
    """The whole state of one job fair (招聘会); announced again on every change. State: planned, open (people sign up), held, cancelled."""

    TYPE: ClassVar[str] = "jobs.fair.announced.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.fair"

    fair: UUID
    city: str
    title: str
    place: str
    venue: str
    day: date
    state: str
    reason: str = ""
    booths: tuple[BoothAnnounced, ...] = ()
    on: date

    def key(self) -> str:
        return str(self.fair)


class EmployersMerged(Event):
    """Two entries of one firm are one (合并): what hangs on `goes` and its credit code hangs on `employer` and `uscc` from now on.
    Stays at home; offered vacancies are announced again as they stand then."""

    TYPE: ClassVar[str] = "jobs.employers.merged.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "jobs.employer"

    employer: UUID
    goes: UUID
    city: str
    uscc: str
    former_uscc: str
    employer_name: str
    on: date

    def key(self) -> str:
        return str(self.employer)


class JobsIndicatorsStated(Event):
    """The figures of one city's list as of a date: employers, vacancies, openings, openings_left."""

    TYPE: ClassVar[str] = "jobs.indicators.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.indicators"

    division: str
    as_of: date
    rule: str
    figures: dict[str, int]

    def key(self) -> str:
        return self.division
