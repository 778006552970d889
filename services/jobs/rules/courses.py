"""A course (培训班) with its training places: of a firm or a school, an order class (订单班) bound to vacancies or free; who may enter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import FieldError, one_of
from services.jobs.rules.refusals import CourseClosed, CourseRefused
from services.jobs.rules.terms import KNOWN
from services.jobs.rules.vetting import vet_words

CourseKind = Literal["order_class", "free"]
CourseState = Literal["open", "closed", "withdrawn", "ended"]
# Money that is held back is refused wherever it stands; a fee that is told is not.
_DEPOSIT = re.compile("押金|保证金|抵押|扣押|担保金|风险金")
_GROUP = re.compile(r"[0-9]{1,2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class CourseTerms:
    """What is offered and asked. Ages in full years on the first day, both inclusive; schooling 0-5 as in matching v1.

    `fee` is yuan for the whole course, `allowance` yuan a month for living; `demands` is what the work asks of the body.
    """

    title: str
    kind: CourseKind
    places: int
    starts_on: date
    ends_on: date
    apply_by: date
    occupation: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    education_min: int = 0
    demands: list[str] = field(default_factory=list)
    certificate: str | None = None
    fee: int = 0
    fee_note: str = ""
    allowance: int | None = None
    note: str = ""
    vacancies: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Course(CourseTerms):
    """As on a city's list. `employer` is the firm that offers it, a school has a `licence` (办学许可证).

    `behind` are the openings of its vacancies that are offered now: an order class has no more places than those (None: a free one).
    `turn` numbers what was announced of it, which `version` does not: applications change no terms.
    """

    id: UUID
    city: str
    provider_uscc: str
    provider_name: str
    licence: str = ""
    employer: UUID | None = None
    behind: int | None = None
    state: CourseState = "open"
    closed_on: date | None = None
    closed_because: str = ""
    entered_by: str
    listed_on: date
    turn: int = 0
    version: int = 1

    def left(self, taken: int) -> int:
        """Places for anybody new. Whoever has one keeps it when vacancies behind the class go."""
        offered = self.places if self.behind is None else min(self.places, self.behind)
        return max(0, offered - taken) if self.state in ("open", "closed") else 0


@dataclass(frozen=True, kw_only=True)
class CountedCourse(Course):
    """With whoever holds a place, waits for one, or has asked and not been answered."""

    taken: int
    waiting: int
    applied: int


@dataclass(frozen=True, kw_only=True)
class CoursesWanted:
    """What a list is narrowed to; None does not narrow."""

    state: CourseState | None = None
    kind: CourseKind | None = None
    short: bool | None = None


def check_course(course: Course, taken: int) -> None:
    """Raises CourseRefused with every field that cannot be as it is said."""
    wrong = [*_check_days(course), *_check_conditions(course), *_check_kind(course), *_check_money(course)]
    if course.places < taken:
        wrong.append(
            FieldError(
                "/places",
                "below_taken",
                f"已有 {taken} 人占用名额，不得少于 {taken} 人 There are {taken} people who hold places: no fewer than {taken}",
            )
        )
    if wrong:
        raise CourseRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def closed(course: Course, state: CourseState, on: date, because: str) -> Course:
    """It takes nobody new; a closed one goes on with those it has, a withdrawn or ended one is over."""
    if course.state == state:
        raise CourseClosed("培训班已是这个状态 The course stands like that already.")
    return replace(lively(course), state=state, closed_on=on, closed_because=because)


def lively(course: Course) -> Course:
    """One that is not over. Raises CourseClosed."""
    if course.state in ("withdrawn", "ended"):
        raise CourseClosed(f"已于 {course.closed_on} 日结束或撤销 It was over on {course.closed_on}.")
    return course


def unmet(course: CourseTerms, *, age: int, education: int, restrictions: Sequence[str]) -> list[str]:
    """The entry conditions that somebody does not meet: age, education, demands."""
    grounds = {
        "age": not (course.age_min or 0) <= age <= (course.age_max or age),
        "education": education < course.education_min,
        "demands": bool({*course.demands} & {*restrictions}),
    }
    return [name for name, holds in grounds.items() if holds]


def _check_days(course: Course) -> Iterator[FieldError]:
    if course.ends_on < course.starts_on:
        yield FieldError("/ends_on", "before_begin", "结束日期早于开班日期 It ends before it begins")
    if course.apply_by > course.ends_on:
        yield FieldError("/apply_by", "after_end", "报名截止晚于结束日期 Nobody applies after its end")


def _check_conditions(course: Course) -> Iterator[FieldError]:
    if course.age_min is not None and course.age_max is not None and course.age_min > course.age_max:
        yield FieldError("/age_max", "below_lower_bound", "上限低于下限 The upper bound is below the lower one")
    for place, name in enumerate(course.demands):
        if name not in KNOWN["demands"]:
            yield FieldError(f"/demands/{place}", "unknown_name", one_of(KNOWN["demands"]))
    if course.certificate is not None and course.certificate not in KNOWN["certificates"]:
        yield FieldError("/certificate", "unknown_name", one_of(KNOWN["certificates"]))
    if course.occupation is not None and not _GROUP.fullmatch(course.occupation):
        yield FieldError("/occupation", "occupation_group", "职业中类形如 6-18 An occupation group looks like 6-18")


def _check_kind(course: Course) -> Iterator[FieldError]:
    if course.kind == "free" and course.vacancies:
        yield FieldError("/vacancies", "not_bound", "只有订单班绑定岗位 Only an order class is bound to vacancies")
    if course.kind == "order_class" and not course.vacancies:
        yield FieldError(
            "/vacancies", "missing", "订单班须绑定本单位的岗位 An order class is bound to vacancies of its firm"
        )
    if course.kind == "order_class" and course.employer is None:
        yield FieldError(
            "/provider_uscc", "not_listed", "订单班由名单中的企业开办 An order class is offered by a firm of the list"
        )
    if course.employer is None and not (course.licence and course.provider_name):
        yield FieldError(
            "/licence",
            "missing",
            "不在企业名单中的须填写学校名称和办学许可证号 Who is no firm of the list says the school's name and its licence",
        )


def _check_money(course: Course) -> Iterator[FieldError]:
    if course.fee and not course.fee_note:
        yield FieldError("/fee_note", "missing", "收费须写明收什么费 Say what the fee is for")
    if words := _DEPOSIT.search(course.fee_note):
        yield FieldError("/fee_note", "deposit_or_fee", f"不得收取「{words[0]}」 No deposit may be taken: {words[0]}")
    for stumble in vet_words({"title": course.title, "note": course.note}):
        yield FieldError(
            f"/{stumble.column}", stumble.code, f"不得写「{stumble.words}」 This may not stand here: {stumble.words}"
        )
