"""Applications for training places in the database (报名): inserted, held for a step, listed with their courses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, insert, literal, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import find_one, get_one
from services.registry.rules.applications import (
    OPEN,
    Application,
    ApplicationNotFound,
    ApplicationsAsked,
    NamedApplication,
)
from services.registry.tables import application, card, course, person

_COLUMNS = columns_of(application, Application)


async def insert_application(tx: Transaction, given: Application) -> None:
    await tx.execute(insert(application).values(vars(given)))


async def find_open_application(tx: Transaction, one: UUID, of: UUID) -> Application | None:
    """Of a person for a course, if one is open."""
    mine = application.c.person == one, application.c.course == of, application.c.state.in_(OPEN)
    return await find_one(tx, select(*_COLUMNS).where(*mine).limit(1), Application)


async def get_application(tx: Transaction, one: UUID) -> NamedApplication:
    """One with its course; raises ApplicationNotFound."""
    query = _named().where(application.c.id == one, within(application, tx.reach))
    return await get_one(tx, query, NamedApplication, ApplicationNotFound(str(one)))


async def lock_application(tx: Transaction, one: UUID) -> Application:
    """One, held; raises ApplicationNotFound."""
    query = select(*_COLUMNS).where(application.c.id == one, within(application, tx.reach)).with_for_update()
    return await get_one(tx, query, Application, ApplicationNotFound(str(one)))


async def lock_applications_of(tx: Transaction, one: UUID) -> list[Application]:
    """All of a person, held."""
    query = select(*_COLUMNS).where(application.c.person == one).order_by(application.c.id).with_for_update()
    return read_rows(Application, await tx.execute(query))


async def lock_applications_behind(tx: Transaction, introduction: UUID, vacancy: UUID) -> list[Application]:
    """Those of the person of an introduction, for courses that are bound to the vacancy, held."""
    theirs = select(card.c.person).where(card.c.introduction == introduction)
    bound = literal(vacancy, course.c.id.type) == any_(course.c.vacancies)
    query = select(*_COLUMNS).join(course, course.c.id == application.c.course)
    query = query.where(application.c.person.in_(theirs), bound).order_by(application.c.id)
    return read_rows(Application, await tx.execute(query.with_for_update(of=application)))


async def update_application(tx: Transaction, after: Application) -> Application:
    values = {**vars(after), "version": application.c.version + 1}
    changed = update(application).where(application.c.id == after.id).values(values).returning(*_COLUMNS)
    return read_row(Application, (await tx.execute(changed)).one())


async def list_applications(
    tx: Transaction, asked: ApplicationsAsked, *, after: UUID | None, limit: int
) -> list[NamedApplication]:
    """One more than the page holds, in the order of entry; of people within the caller's reach."""
    query = _named().where(within(application, tx.reach), *_conditions(asked))
    query = query if after is None else query.where(application.c.id > after)
    return read_rows(NamedApplication, await tx.execute(query.order_by(application.c.id).limit(limit + 1)))


def _conditions(asked: ApplicationsAsked) -> list[ColumnElement[bool]]:
    narrowed: dict[Any, object] = {
        application.c.person: asked.person,
        application.c.course: asked.course,
        application.c.state: asked.state,
        person.c.township: asked.township,
    }
    return [column == value for column, value in narrowed.items() if value is not None]


def _named() -> Select[Any]:
    joined = application.join(course, course.c.id == application.c.course)
    joined = joined.join(person, person.c.id == application.c.person)
    return select(*_COLUMNS, course.c.title, course.c.kind, course.c.provider_name).select_from(joined)
