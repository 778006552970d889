"""Courses of every city as they were announced last (培训班): kept by the number of the announcement, listed for whom they are open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.heard_courses import CourseNotFound, CoursesAsked, CoursesFor, HeardCourse
from services.registry.tables import course

_COLUMNS = columns_of(course, HeardCourse)


async def upsert_course(tx: Transaction, heard: HeardCourse) -> None:
    """The later announcement holds, in whatever order they come."""
    new = insert(course).values(vars(heard))
    newer = {name: getattr(new.excluded, name) for name in vars(heard) if name != "id"}
    await tx.execute(
        new.on_conflict_do_update(index_elements=["id"], set_=newer, where=course.c.turn < new.excluded.turn)
    )


async def get_course(tx: Transaction, one: UUID) -> HeardCourse:
    """One that was heard of; raises CourseNotFound."""
    return await get_one(tx, select(*_COLUMNS).where(course.c.id == one), HeardCourse, CourseNotFound(str(one)))


async def list_courses(tx: Transaction, asked: CoursesAsked, *, after: UUID | None, limit: int) -> list[HeardCourse]:
    """One more than the page holds, in the order of entry."""
    query = select(*_COLUMNS).where(*_conditions(asked))
    query = query if after is None else query.where(course.c.id > after)
    return read_rows(HeardCourse, await tx.execute(query.order_by(course.c.id).limit(limit + 1)))


def _conditions(asked: CoursesAsked) -> list[ColumnElement[bool]]:
    narrowed: dict[Any, str | None] = {course.c.city: asked.city, course.c.kind: asked.kind}
    found = [column == value for column, value in narrowed.items() if value is not None]
    if asked.open_on is not None:
        found += [course.c.state == "open", course.c.apply_by >= asked.open_on]
    if asked.fits is not None:
        found += _fits(asked.fits)
    return found


def _fits(one: CoursesFor) -> list[ColumnElement[bool]]:
    """Whose conditions somebody meets, by the age on the first day."""
    age = func.extract("year", func.age(course.c.starts_on, one.birth_date))
    return [
        age >= func.coalesce(course.c.age_min, 0),
        age <= func.coalesce(course.c.age_max, 200),
        course.c.education_min <= one.education,
        ~course.c.demands.overlap(literal(one.restrictions, ARRAY(Text))),
    ]
