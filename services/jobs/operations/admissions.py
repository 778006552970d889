"""Applications for training places (报名录取): heard from counties, admitted within the places or waiting in order, ended, told.

Whatever gives a place away or frees one holds the course: two at once come one after the other, and no place is given twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.jobs import AdmissionChanged
from libs.common.events.registry import ApplicationSent
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.jobs.operations.course_news import tell_admission, tell_course
from services.jobs.rules import admissions as rules
from services.jobs.rules.admissions import Admission
from services.jobs.rules.courses import Course, lively, unmet
from services.jobs.rules.refusals import CourseNotFound
from services.jobs.store import admissions, courses

Step = Callable[[Admission], Admission]


async def hear_application(tx: Transaction, event: ApplicationSent, node: str) -> None:
    """A county's word about one of its people; the first is an application, whichever comes first."""
    if node != f"n{event.county}" or event.city != tx.node.code:
        log.error("application_of_another_node", application=str(event.application), node=node)
        return
    try:
        course = await courses.lock_course(tx, event.course)
    except CourseNotFound:
        await _answer_unknown(tx, event)
        return
    first = _applied(event, course)
    if await admissions.insert_admission_if_absent(tx, first):
        await tell_admission(tx, first, course)
        return
    before = await admissions.lock_admission(tx, event.application)
    if before.course != course.id or before.county != event.county:
        log.error("application_of_another_course", application=str(event.application), node=node)
        return
    after = rules.after_county(before, _state(event), event.reason, event.turn, event.on)
    await _write(tx, course, before, after, event.on)


async def admit(tx: Transaction, one: UUID, on: date) -> None:
    """A place where there is one, else the application waits (候补)."""
    course, before = await _hold(tx, one, on)
    left = lively(course).left(await admissions.count_holding(tx, course.id))
    after = rules.admitted(before, on) if left else rules.waiting(before, on)
    await _write(tx, course, before, after, on)
    log.info("admit", application=str(one), left=left)


async def take_step(tx: Transaction, one: UUID, step: Step, on: date) -> None:
    """Refused, dropped out, completed: the place that it frees goes to whoever waits first."""
    course, before = await _hold(tx, one, on)
    await _write(tx, course, before, step(before), on)
    log.info("take_step", application=str(one), before=before.state)


async def attend(tx: Transaction, one: UUID, days: int, on: date) -> None:
    """Days in all up to a day; said again it is the same."""
    course, before = await _hold(tx, one, on)
    after = rules.attended(before, days, course.starts_on, on)
    await _write(tx, course, before, after, on)


async def fill_places(tx: Transaction, course: Course, on: date) -> None:
    """Whoever waits first gets what is free, as long as the course runs."""
    left = course.left(await admissions.count_holding(tx, course.id))
    while left > 0 and (next_one := await admissions.lock_next_waiting(tx, course.id)):
        await tell_admission(tx, rules.admitted(next_one, on), course)
        left -= 1


async def refuse_open(tx: Transaction, course: Course, reason: str, on: date, *, with_places: bool) -> None:
    """The course is over: nobody waits any more. Of one that does not take place, who was admitted is out, too."""
    for each in await admissions.lock_standing(tx, course.id, ("applied", "waiting")):
        await tell_admission(tx, rules.refused(each, reason, on), course)
    for each in await admissions.lock_standing(tx, course.id, ("admitted",)) if with_places else ():
        await tell_admission(tx, rules.dropped(each, reason, on), course)


async def _hold(tx: Transaction, one: UUID, on: date) -> tuple[Course, Admission]:
    """The course before the application, always: who gives places away waits for each other there."""
    found = await admissions.get_admission(tx, one)
    await tx.widen()
    course = await courses.lock_course(tx, found.course)
    before = await admissions.lock_admission(tx, one)
    rules.check_step_day(before, on)
    return course, before


async def _write(tx: Transaction, course: Course, before: Admission, after: Admission, on: date) -> None:
    """As it stands now, told where that is something else; a place that came free is given on, and everybody hears what is left."""
    if after == before:
        return
    if replace(after, told=before.told) == before:
        await admissions.update_admission(tx, after)
        return
    await tell_admission(tx, after, course)
    if before.holds and not after.holds:
        await fill_places(tx, course, on)
    if before.holds != after.holds:
        await tell_course(tx, course, on)


async def _answer_unknown(tx: Transaction, event: ApplicationSent) -> None:
    """There is no such course here: the county is told, and nothing is kept."""
    facts = event.model_dump(include={"application", "county", "city", "course"})
    told = AdmissionChanged(
        **facts, kind="free", state="refused", reason=rules.NO_SUCH_COURSE, turn=event.turn, on=event.on
    )
    await announce(tx, told, to=f"n{event.county}")


def _applied(event: ApplicationSent, course: Course) -> Admission:
    """As it comes: looked at by somebody, refused where a condition is not met, or withdrawn before it was known."""
    facts = event.model_dump(include={"county", "age", "education", "consent", "applied_on"})
    one = Admission(
        **facts,
        id=event.application,
        course=course.id,
        restrictions=list(event.restrictions),
        changed_on=event.applied_on,
        told=event.turn,
        entered=new_id(),
    )
    if event.state == "withdrawn":
        return replace(one, state="withdrawn", reason=event.reason, changed_on=event.on)
    wrong = unmet(course, age=one.age, education=one.education, restrictions=one.restrictions)
    reason = rules.why_not(wrong, course.state, course.apply_by, event.applied_on)
    return rules.refused(one, reason, event.on) if reason else one


def _state(event: ApplicationSent) -> rules.AdmissionState:
    return "placed" if event.state == "placed" else "withdrawn" if event.state == "withdrawn" else "applied"
