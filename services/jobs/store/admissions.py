"""Applications for training places in the database: inserted once, held for a step, waiting in the order in which they came."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import find_one, get_one
from services.jobs.rules.admissions import HOLDING, Admission, AdmissionState, AdmissionsWanted
from services.jobs.rules.refusals import AdmissionNotFound
from services.jobs.tables import admissions

_COLUMNS = columns_of(admissions, Admission)


async def insert_admission_if_absent(tx: Transaction, given: Admission) -> bool:
    """False when the application is known."""
    new = insert(admissions).values(vars(given)).on_conflict_do_nothing().returning(admissions.c.id)
    return (await tx.execute(new)).one_or_none() is not None


async def get_admission(tx: Transaction, one: UUID) -> Admission:
    """One within the caller's reach; raises AdmissionNotFound."""
    query = select(*_COLUMNS).where(admissions.c.id == one, within(admissions, tx.reach))
    return await get_one(tx, query, Admission, AdmissionNotFound())


async def lock_admission(tx: Transaction, one: UUID) -> Admission:
    """The same, held. Whoever holds an application holds its course before."""
    query = select(*_COLUMNS).where(admissions.c.id == one, within(admissions, tx.reach)).with_for_update()
    return await get_one(tx, query, Admission, AdmissionNotFound())


async def lock_next_waiting(tx: Transaction, course: UUID) -> Admission | None:
    """Who waits first, held."""
    first = select(*_COLUMNS).where(admissions.c.course == course, admissions.c.state == "waiting")
    return await find_one(tx, first.order_by(admissions.c.entered).limit(1).with_for_update(), Admission)


async def count_holding(tx: Transaction, course: UUID) -> int:
    """How many hold a place."""
    holding = admissions.c.course == course, admissions.c.state.in_(HOLDING)
    return int((await tx.execute(select(func.count()).select_from(admissions).where(*holding))).scalar_one())


async def update_admission(tx: Transaction, after: Admission) -> Admission:
    values = {**vars(after), "version": admissions.c.version + 1}
    changed = update(admissions).where(admissions.c.id == after.id).values(values).returning(*_COLUMNS)
    return read_row(Admission, (await tx.execute(changed)).one())


async def list_admissions(
    tx: Transaction, wanted: AdmissionsWanted, *, after: UUID | None, limit: int
) -> list[Admission]:
    """One more than the page holds, in the order in which they were made."""
    query = select(*_COLUMNS).where(within(admissions, tx.reach), *_conditions(wanted))
    query = query if after is None else query.where(admissions.c.id > after)
    return read_rows(Admission, await tx.execute(query.order_by(admissions.c.id).limit(limit + 1)))


async def lock_standing(tx: Transaction, course: UUID, states: tuple[AdmissionState, ...]) -> list[Admission]:
    """Those of a course in these states, held, in the order in which they came."""
    query = select(*_COLUMNS).where(admissions.c.course == course, admissions.c.state.in_(states))
    return read_rows(Admission, await tx.execute(query.order_by(admissions.c.entered).with_for_update()))


def _conditions(wanted: AdmissionsWanted) -> list[ColumnElement[bool]]:
    narrowed = {
        admissions.c.course: wanted.course,
        admissions.c.state: wanted.state,
        admissions.c.county: wanted.county,
    }
    return [column == value for column, value in narrowed.items() if value is not None]
