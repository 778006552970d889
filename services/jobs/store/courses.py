"""Courses in the database, each with whoever holds a place and whoever waits; which of them stand otherwise than their day says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, func, insert, or_, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.admissions import HOLDING
from services.jobs.rules.courses import CountedCourse, Course, CoursesWanted
from services.jobs.rules.employers import Employer
from services.jobs.rules.refusals import CourseNotFound
from services.jobs.tables import admissions, courses, vacancies

_COLUMNS = columns_of(courses, Course)
_RUNNING = courses.c.state.in_(("open", "closed"))


async def insert_course(tx: Transaction, given: Course) -> None:
    await tx.execute(insert(courses).values(vars(given)))


async def lock_course(tx: Transaction, one: UUID) -> Course:
    """One within the caller's reach, held: whoever gives a place away holds its course. Raises CourseNotFound."""
    query = select(*_COLUMNS).where(courses.c.id == one, within(courses, tx.reach)).with_for_update()
    return await get_one(tx, query, Course, CourseNotFound())


async def lock_courses_due(tx: Transaction, on: date, limit: int) -> list[Course]:
    """Those whose last day is over, and order classes with other openings behind them than they know of, held."""
    differs = and_(courses.c.kind == "order_class", courses.c.behind != _behind())
    query = select(*_COLUMNS).where(_RUNNING, or_(courses.c.ends_on < on, differs))
    return read_rows(Course, await tx.execute(query.order_by(courses.c.id).limit(limit).with_for_update(of=courses)))


async def update_course(tx: Transaction, after: Course, *, told: bool = False) -> Course:
    """Written as it is; what was only announced again is the same version."""
    values = {**vars(after), "version": courses.c.version + (0 if told else 1)}
    changed = update(courses).where(courses.c.id == after.id).values(values)
    return read_row(Course, (await tx.execute(changed.returning(*_COLUMNS))).one())


async def update_courses_merged(tx: Transaction, goes: UUID, stays: Employer) -> None:
    """What one entry of a firm offers, the other one does."""
    theirs = update(courses).where(courses.c.employer == goes)
    await tx.execute(
        theirs.values(
            employer=stays.id, provider_uscc=stays.uscc, provider_name=stays.name, version=courses.c.version + 1
        )
    )


async def get_course(tx: Transaction, one: UUID) -> CountedCourse:
    """One with its numbers; raises CourseNotFound."""
    query = _counted().where(courses.c.id == one, within(courses, tx.reach))
    return await get_one(tx, query, CountedCourse, CourseNotFound())


async def list_courses(
    tx: Transaction, wanted: CoursesWanted, *, after: UUID | None, limit: int
) -> list[CountedCourse]:
    """One more than the page holds, in the order of entry."""
    query = _counted().where(within(courses, tx.reach), *_conditions(wanted))
    query = query if after is None else query.where(courses.c.id > after)
    return read_rows(CountedCourse, await tx.execute(query.order_by(courses.c.id).limit(limit + 1)))


async def count_behind(tx: Transaction, bound: Collection[UUID]) -> int:
    """Openings of these vacancies that are offered."""
    offered = select(func.coalesce(func.sum(vacancies.c.openings), 0)).where(among(vacancies.c.id, bound), _offered())
    return int((await tx.execute(offered)).scalar_one())


async def list_vacancies_of(tx: Transaction, bound: Collection[UUID], employer: UUID) -> set[UUID]:
    """Which of these are offered by the firm."""
    theirs = among(vacancies.c.id, bound), vacancies.c.employer == employer, _offered()
    return set((await tx.execute(select(vacancies.c.id).where(*theirs))).scalars())


def _offered() -> ColumnElement[bool]:
    return vacancies.c.state == "vetted"


def _behind() -> ColumnElement[int]:
    bound = vacancies.c.id == any_(courses.c.vacancies)
    counted = select(func.coalesce(func.sum(vacancies.c.openings), 0)).where(bound, _offered())
    return counted.correlate(courses).scalar_subquery()


def _conditions(wanted: CoursesWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(courses.c.state == wanted.state)
    if wanted.kind is not None:
        found.append(courses.c.kind == wanted.kind)
    if wanted.short is not None:
        short = func.coalesce(courses.c.behind < courses.c.places, False)
        found.append(short if wanted.short else ~short)
    return found


def _counted() -> Select[Any]:
    states = {"taken": HOLDING, "waiting": ("waiting",), "applied": ("applied",)}
    theirs = select(
        admissions.c.course,
        *(func.count().filter(admissions.c.state.in_(of)).label(name) for name, of in states.items()),
    )
    numbers = theirs.group_by(admissions.c.course).subquery("numbers")
    told = (func.coalesce(numbers.c[name], 0).label(name) for name in states)
    joined = courses.outerjoin(numbers, numbers.c.course == courses.c.id)
    return select(*_COLUMNS, *told).select_from(joined)
