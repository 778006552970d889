"""Training places as a county knows them (培训名额): courses heard of, who may apply, an application with its consent, what stands.

The county's word (applied, withdrawn, placed) and the city's are numbered each for itself: the later of each side holds, and what
stands follows from both by one rule, whatever order news comes in. The city has the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid, NotFound, refuse_field
from services.registry.rules.identification import age_on

HeardKind = Literal["order_class", "free"]
HeardState = Literal["open", "closed", "withdrawn", "ended"]
Said = Literal["applied", "withdrawn", "placed"]
ApplicationState = Literal["applied", "waiting", "admitted", "refused", "dropped", "completed", "placed", "withdrawn"]
Consenting = Literal["person", "guardian"]
WithdrawalReason = Literal["person", "guardian", "found_work", "entered_by_mistake", "other"]
OPEN: tuple[ApplicationState, ...] = ("applied", "waiting", "admitted")
# The consent whose wording is that of introductions, which names what travels and to whom.
CONSENTS = ("2017.1",)
FULL_AGE = 18
ERASED = "erased"


class CourseNotFound(NotFound):
    title = "没有这个培训班 No such course"


class ApplicationNotFound(NotFound):
    title = "没有这份报名 No such application"


class CourseNotOpen(Conflict):
    title = "培训班不再接受报名 The course takes no more applications"


class ConditionsNotMet(Invalid):
    title = "不符合报名条件 The entry conditions are not met"


class AppliedAlready(Conflict):
    title = "已报名这个培训班 The person has applied for this course already"


class ApplicationOver(Conflict):
    title = "报名已撤回 The application was withdrawn"


@dataclass(frozen=True, kw_only=True)
class HeardCourse:
    """A course of some city as it was announced last. Ages on its first day; `turn` numbers what was announced."""

    id: UUID
    city: str
    provider_uscc: str
    provider_name: str
    title: str
    kind: HeardKind
    occupation: str | None
    vacancies: list[UUID]
    places: int
    places_left: int
    apply_by: date
    starts_on: date
    ends_on: date
    age_min: int | None
    age_max: int | None
    education_min: int
    demands: list[str]
    certificate: str | None
    fee: int
    fee_note: str
    allowance: int | None
    state: HeardState
    turn: int
    told_on: date


@dataclass(frozen=True)
class CoursesFor:
    """Whose conditions a list of courses is narrowed to: born when, schooling, and what the person cannot do."""

    birth_date: date
    education: int
    restrictions: list[str]


@dataclass(frozen=True, kw_only=True)
class CoursesAsked:
    """What a list is narrowed to; None does not narrow. `open_on`: those that take applications on this day."""

    city: str | None = None
    kind: HeardKind | None = None
    open_on: date | None = None
    fits: CoursesFor | None = None


@dataclass(frozen=True, kw_only=True)
class Application:
    """报名 of one of this county's people. `said` and `turn` are the county's word, `told` and `told_turn` the city's."""

    id: UUID
    course: UUID
    city: str
    person: UUID
    age: int
    education: int
    restrictions: list[str]
    consent: str
    consent_on: date
    consented_by: Consenting
    recorded_by: str
    applied_on: date
    said: Said = "applied"
    turn: int = 1
    told: ApplicationState | None = None
    told_turn: int = 0
    state: ApplicationState = "applied"
    reason: str | None = None
    changed_on: date
    attended: int = 0
    certificate: str | None = None
    certificate_number: str = ""
    certificate_level: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class NamedApplication(Application):
    """With its course."""

    title: str
    kind: HeardKind
    provider_name: str


@dataclass(frozen=True, kw_only=True)
class ApplicationsAsked:
    """What a list is narrowed to; None does not narrow."""

    person: UUID | None = None
    course: UUID | None = None
    state: ApplicationState | None = None
    township: str | None = None


@dataclass(frozen=True, kw_only=True)
class CityWord:
    """What a city has said of an application, by the number of its word."""

    state: ApplicationState
    reason: str | None
    turn: int
    on: date
    attended: int
    certificate: str | None
    certificate_number: str
    certificate_level: str


def standing(said: Said, told: ApplicationState | None) -> ApplicationState:
    """What stands by both words: a withdrawal ends what is open, a placement follows a place; all else is as the city says."""
    now = told or "applied"
    if said == "withdrawn" and now in OPEN:
        return "withdrawn"
    return "placed" if said == "placed" and now in ("admitted", "completed") else now


def after_city(one: Application, word: CityWord) -> Application:
    """As it stands when the city has spoken; an older word changes nothing."""
    if word.turn <= one.told_turn:
        return one
    state = standing(one.said, word.state)
    kept = one.reason if state == one.state == "withdrawn" else word.reason
    facts = {name: getattr(word, name) for name in ("attended", "certificate_number", "certificate_level")}
    return replace(
        one,
        told=word.state,
        told_turn=word.turn,
        state=state,
        reason=kept,
        changed_on=word.on if state != one.state else one.changed_on,
        certificate=word.certificate or one.certificate,
        **facts,
    )


def withdrawn(one: Application, reason: str, on: date) -> Application:
    """撤回: no longer agreed to, whatever the city has said; a course that was completed stays completed, without the name."""
    if one.said == "withdrawn":
        raise ApplicationOver(f"已于「{one.changed_on}」撤回 It was withdrawn on {one.changed_on}.")
    if on < one.applied_on:
        raise refuse_field(
            "/on",
            "before_application",
            f"不得早于报名日期「{one.applied_on}」 Not before the application of {one.applied_on}",
        )
    return _says(one, "withdrawn", reason, on)


def placed(one: Application, on: date) -> Application:
    """上岗 at a vacancy of the class."""
    return _says(one, "placed", None, on)


def _says(one: Application, said: Said, reason: str | None, on: date) -> Application:
    state = standing(said, one.told)
    other = {"reason": reason, "changed_on": on} if state != one.state else {}
    return replace(one, said=said, turn=one.turn + 1, state=state, **other)  # type: ignore[arg-type]


def check_open(course: HeardCourse, on: date) -> None:
    """Raises CourseNotOpen unless it takes applications on a day."""
    if course.state != "open" or on > course.apply_by:
        raise CourseNotOpen(
            f"报名截止「{course.apply_by}」，状态「{course.state}」 Applications were due by {course.apply_by}; it is {course.state}."
        )


def check_conditions(course: HeardCourse, *, birth: date, education: int, restrictions: Sequence[str]) -> int:
    """The age on the first day; raises ConditionsNotMet with everything that is not met."""
    age, wrong = age_on(birth, course.starts_on), []
    low, high = course.age_min, course.age_max
    if (low is not None and age < low) or (high is not None and age > high):
        wrong.append(
            FieldError("/person", "age", "年龄不在培训班要求之内 The age is not within what the course asks for")
        )
    if education < course.education_min:
        wrong.append(
            FieldError("/person", "education", "学历低于培训班要求 Schooling is below what the course asks for")
        )
    if hindering := sorted({*course.demands} & {*restrictions}):
        names = "、".join(hindering)
        wrong.append(
            FieldError("/person", "demands", f"本人做不了「{names}」 The person cannot do what it demands: {names}")
        )
    if wrong:
        raise ConditionsNotMet("请看所列条件 See the conditions listed.", errors=wrong)
    return age


def check_consent(birth: date, consented_by: Consenting, consent_on: date, on: date) -> None:
    """For whoever is not of full age the guardian agrees, too (监护人同意); nobody agrees after applying."""
    if consent_on > on:
        raise refuse_field(
            "/consent_on",
            "after_application",
            f"同意须在报名（{on}）之前 The consent comes before the application of {on}",
        )
    if consented_by == "person" and age_on(birth, consent_on) < FULL_AGE:
        raise refuse_field(
            "/consented_by", "guardian_needed", "未满 18 周岁须监护人同意 Under 18 the guardian has to agree"
        )
