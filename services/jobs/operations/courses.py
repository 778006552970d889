"""A course (培训班) is entered, corrected, closed, withdrawn, ends by itself; an order class has no more places than its firm's openings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.jobs.operations.admissions import fill_places, refuse_open
from services.jobs.operations.course_news import tell_course
from services.jobs.operations.vacancies import check_employer, check_reach
from services.jobs.rules.admissions import COURSE_CLOSED, COURSE_OVER
from services.jobs.rules.courses import Course, CourseTerms, check_course, closed, lively
from services.jobs.store import admissions, courses, employers

PORTION = 50
# What ended a course whose last day is over, and who: nobody.
BY_ITSELF = "到期"


async def enter_course(
    tx: Transaction, caller: Caller, terms: CourseTerms, uscc: str, *, name: str, licence: str, city: str, on: date
) -> UUID:
    """Of a firm of the list, or of a school with its licence."""
    check_reach(tx.reach, city, uscc)
    await tx.widen()
    firm = await employers.find_employer_by_uscc(tx, city, uscc)
    if firm is not None:
        check_employer(firm, on)
    entered = Course(
        **vars(terms),
        id=new_id(),
        city=city,
        provider_uscc=uscc,
        provider_name=firm.name if firm else name,
        licence=licence,
        employer=firm.id if firm else None,
        entered_by=caller.subject,
        listed_on=on,
    )
    check_course(entered, 0)
    bound = await _bound(tx, entered)
    await courses.insert_course(tx, bound)
    await tell_course(tx, bound, on)
    log.info("enter_course", course=str(entered.id), kind=entered.kind)
    return entered.id


async def change_course(
    tx: Transaction, one: UUID, change: Callable[[Course], Course], *, version: Versions, on: date
) -> None:
    """Corrected and announced again; whoever waits moves up where there are more places now."""
    before = await courses.lock_course(tx, one)
    check_version(version, before.version)
    await tx.widen()
    after = change(lively(before))
    check_course(after, await admissions.count_holding(tx, one))
    stored = await courses.update_course(tx, await _bound(tx, after))
    await fill_places(tx, stored, on)
    await tell_course(tx, stored, on)
    log.info("change_course", course=str(one))


async def close_course(tx: Transaction, one: UUID, reason: str, on: date) -> None:
    """No new application; whoever has asked is still answered."""
    before = await courses.lock_course(tx, one)
    await tx.widen()
    await tell_course(tx, await courses.update_course(tx, closed(before, "closed", on, reason)), on)
    log.info("close_course", course=str(one))


async def withdraw_course(tx: Transaction, one: UUID, reason: str, on: date) -> None:
    """It does not take place: whoever has asked, waits or was admitted is told."""
    before = await courses.lock_course(tx, one)
    await tx.widen()
    stored = await courses.update_course(tx, closed(before, "withdrawn", on, reason))
    await refuse_open(tx, stored, COURSE_CLOSED, on, with_places=True)
    await tell_course(tx, stored, on)
    log.info("withdraw_course", course=str(one))


async def settle_courses(tx: Transaction, on: date) -> int:
    """Those that are over end; an order class whose vacancies have other openings now has other places. Answers how many."""
    due = await courses.lock_courses_due(tx, on, PORTION)
    for each in due:
        await (_end(tx, each, on) if each.ends_on < on else _rebind(tx, each, on))
    return len(due)


async def _end(tx: Transaction, course: Course, on: date) -> None:
    ended = await courses.update_course(tx, closed(course, "ended", course.ends_on, BY_ITSELF))
    await refuse_open(tx, ended, COURSE_OVER, on, with_places=False)
    await tell_course(tx, ended, on)


async def _rebind(tx: Transaction, course: Course, on: date) -> None:
    bound = await courses.update_course(tx, await _bound(tx, course, settled=True), told=True)
    await fill_places(tx, bound, on)
    await tell_course(tx, bound, on)
    log.info("rebind_course", course=str(course.id), behind=bound.behind)


async def _bound(tx: Transaction, course: Course, *, settled: bool = False) -> Course:
    """With the openings behind it. What is entered names offered vacancies of the firm; later ones may go."""
    if course.kind == "free":
        return replace(course, behind=None)
    if course.employer is not None and not settled:
        known = await courses.list_vacancies_of(tx, course.vacancies, course.employer)
        for place, each in enumerate(course.vacancies):
            if each not in known:
                raise refuse_field(
                    f"/vacancies/{place}", "not_offered", "不是本单位已审核的岗位 No vetted vacancy of this firm"
                )
    return replace(course, behind=await courses.count_behind(tx, course.vacancies))
