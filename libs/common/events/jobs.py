"""What jobs announces: vetted vacancies and their withdrawal, courses and who is admitted, fairs, merged firms, agreements with their quarters, figures."""

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


class CourseAnnounced(Event):
    """The whole state of a course (培训班) with its training places; announced again on every change, by `turn`.

    `kind` is order_class (订单班, bound to `vacancies` of its firm) or free. Ages on the first day, both inclusive; `demands` in the
    terms of vacancies; `fee` is yuan for all of it, `allowance` yuan a month. State: open, closed, withdrawn, ended.
    """

    TYPE: ClassVar[str] = "jobs.course.announced.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.course"

    course: UUID
    city: str
    provider_uscc: str
    provider_name: str
    employer: UUID | None = None
    title: str
    kind: str
    occupation: str | None = None
    vacancies: tuple[UUID, ...] = ()
    places: int
    places_left: int
    apply_by: date
    starts_on: date
    ends_on: date
    age_min: int | None = None
    age_max: int | None = None
    education_min: int = 0
    demands: tuple[str, ...] = ()
    certificate: str | None = None
    fee: int = 0
    fee_note: str = ""
    allowance: int | None = None
    state: str
    turn: int
    on: date

    def key(self) -> str:
        return str(self.course)


class AdmissionChanged(Event):
    """How an application for a training place stands at its city, by its id alone; to the home county and to the city's own offices.

    States: applied, waiting, admitted, refused, dropped, completed, placed, withdrawn; `turn` is the number of the city's word.
    """

    TYPE: ClassVar[str] = "jobs.admission.changed.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "jobs.admission"

    application: UUID
    county: str
    city: str
    course: UUID
    kind: str
    state: str
    reason: str | None = None
    attended: int = 0
    certificate: str | None = None
    certificate_number: str = ""
    certificate_level: str = ""
    turn: int
    on: date

    def key(self) -> str:
        return str(self.application)


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
    """The figures of one city's list as of a date: employers, vacancies, openings, openings_left, designations that hold, intake
    (taken in by designated firms, for good), fairs held."""

    TYPE: ClassVar[str] = "jobs.indicators.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.indicators"
    COUNTS_PEOPLE: ClassVar[bool] = True

    division: str
    as_of: date
    rule: str
    figures: dict[str, int]

    def key(self) -> str:
        return self.division


class AgreedTarget(BaseModel):
    """How many of what (posts, firms, fairs, students, trained): of a year or the whole term, of the whole, a county or a firm."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    target: int
    year: int | None = None
    county: str | None = None
    employer_uscc: str | None = None


class AgreementAnnounced(Event):
    """The whole state of an agreement (协作协议), by the destination that keeps it: the later `turn` holds.

    `confirmed` says of each county that signs since when it has confirmed these terms (`edition`), null: not yet. State: draft,
    in_force, ended.
    """

    TYPE: ClassVar[str] = "jobs.agreement.announced.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.agreement"

    agreement: UUID
    origin: str
    destination: str
    title: str
    since: date
    until: date
    state: str
    edition: int
    ended_on: date | None = None
    ended_because: str = ""
    targets: tuple[AgreedTarget, ...] = ()
    confirmed: dict[str, date | None] = Field(default_factory=dict)
    turn: int

    def key(self) -> str:
        return str(self.agreement)


class AgreementConfirmed(Event):
    """A county to the destination: we confirm these terms (`edition`). Of other terms than those that stand it says nothing."""

    TYPE: ClassVar[str] = "jobs.agreement.confirmed.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "jobs.agreement"

    agreement: UUID
    county: str
    edition: int
    on: date

    def key(self) -> str:
        return str(self.agreement)


class QuarterEntry(BaseModel):
    """One that counts (`by` 1) or counts no more (-1) since the last signature: an introduction, a fair, with its day."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    reference: UUID
    day: date
    employer_uscc: str = ""
    by: int = 1


class QuarterSettled(BaseModel):
    """A difference in which this side has taken the other's word, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    reference: UUID
    reason: str
    on: date


class _Quarter(Event):
    agreement: UUID
    county: str
    city: str
    quarter: str
    turn: int
    on: date

    def key(self) -> str:
        return f"{self.agreement}/{self.county}/{self.quarter}"


class QuarterStated(_Quarter):
    """City to county: what the city counts for it through the end of a quarter, since the last that both have signed. The later `turn` holds."""

    TYPE: ClassVar[str] = "jobs.quarter.stated.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "jobs.quarter"

    entries: tuple[QuarterEntry, ...] = ()
    settled: tuple[QuarterSettled, ...] = ()


class QuarterAnswered(_Quarter):
    """County to city, of the statement with this `turn`: signed, or what the county counts instead."""

    TYPE: ClassVar[str] = "jobs.quarter.answered.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "jobs.quarter"

    signed: bool
    entries: tuple[QuarterEntry, ...] = ()
    settled: tuple[QuarterSettled, ...] = ()


class SignedFigure(BaseModel):
    """How many of a kind both sides have signed for a year, of all quarters so far."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: str
    year: int
    signed: int


class QuarterClosed(_Quarter):
    """Both sides have signed the same figures (双方签认); from then on the quarter stands, and late news counts in the next one."""

    TYPE: ClassVar[str] = "jobs.quarter.closed.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "jobs.quarter"
    COUNTS_PEOPLE: ClassVar[bool] = True

    figures: tuple[SignedFigure, ...] = ()
