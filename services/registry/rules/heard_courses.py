"""Courses of cities as a county hears of them (培训班): what was announced last, who may apply, and why somebody may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid, NotFound
from services.registry.rules.identification import age_on

HeardKind = Literal["order_class", "free"]
HeardState = Literal["open", "closed", "withdrawn", "ended"]


class CourseNotFound(NotFound):
    title = "没有这个培训班 No such course"


class CourseNotOpen(Conflict):
    title = "培训班不再接受报名 The course takes no more applications"


class ConditionsNotMet(Invalid):
    title = "不符合报名条件 The entry conditions are not met"


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
