"""Designations in the database, each with the intake that hires make of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import find_one, get_one
from services.jobs.rules.designations import CountedDesignation, Designation, DesignationKind, DesignationsWanted
from services.jobs.rules.refusals import DesignationNotFound
from services.jobs.tables import designations, employers, hires, vacancies

_COLUMNS = columns_of(designations, Designation)


async def insert_designation(tx: Transaction, given: Designation) -> None:
    await tx.execute(insert(designations).values(vars(given)))


async def lock_designation(tx: Transaction, one: UUID) -> Designation:
    """One within the caller's reach, held; raises DesignationNotFound."""
    query = select(*_COLUMNS).where(designations.c.id == one, within(designations, tx.reach)).with_for_update()
    return await get_one(tx, query, Designation, DesignationNotFound())


async def lock_designations_over(tx: Transaction, day: date, limit: int) -> list[Designation]:
    """Those whose last day lies before this one and that have not ended yet, held."""
    over = designations.c.until < day, designations.c.ended_on.is_(None)
    query = select(*_COLUMNS).where(*over).order_by(designations.c.id).limit(limit).with_for_update()
    return read_rows(Designation, await tx.execute(query))


async def update_designation(tx: Transaction, before: Designation, after: Designation) -> Designation:
    values = {**vars(after), "version": designations.c.version + 1}
    changed = update(designations).where(designations.c.id == before.id).values(values)
    return read_row(Designation, (await tx.execute(changed.returning(*_COLUMNS))).one())


async def update_designations_merged(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """What one entry of a firm was designated as, the other one is."""
    await tx.execute(update(designations).where(designations.c.employer == goes).values(employer=stays))


async def list_ids_of_employer(tx: Transaction, employer: UUID) -> list[UUID]:
    """Every designation of a firm, whether it holds or not."""
    query = select(designations.c.id).where(designations.c.employer == employer).order_by(designations.c.id)
    return list((await tx.execute(query)).scalars())


async def find_running(tx: Transaction, employer: UUID, kind: DesignationKind) -> Designation | None:
    """The one of this kind that has not ended."""
    running = designations.c.employer == employer, designations.c.kind == kind, designations.c.ended_on.is_(None)
    return await find_one(tx, select(*_COLUMNS).where(*running).limit(1), Designation)


async def get_designation(tx: Transaction, one: UUID) -> CountedDesignation:
    """One with its intake; raises DesignationNotFound."""
    query = _counted().where(designations.c.id == one, within(designations, tx.reach))
    return await get_one(tx, query, CountedDesignation, DesignationNotFound())


async def list_designations(
    tx: Transaction, wanted: DesignationsWanted, *, after: UUID | None, limit: int
) -> list[CountedDesignation]:
    """One more than the page holds, in the order of entry."""
    query = _counted().where(within(designations, tx.reach), *_conditions(wanted))
    query = query if after is None else query.where(designations.c.id > after)
    return read_rows(CountedDesignation, await tx.execute(query.order_by(designations.c.id).limit(limit + 1)))


def _conditions(wanted: DesignationsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        found.append(designations.c.kind == wanted.kind)
    if wanted.running is not None:
        open_still = designations.c.ended_on.is_(None)
        found.append(open_still if wanted.running else ~open_still)
    if wanted.employer_uscc is not None:
        found.append(employers.c.uscc == wanted.employer_uscc)
    return found


def _counted() -> Select[Any]:
    """Whoever was hired at a vacancy of the firm on a day of the designation, each hire once; not who did not come."""
    last = func.least(designations.c.until, func.coalesce(designations.c.ended_on, designations.c.until))
    taken_in = (
        select(func.count())
        .select_from(hires.join(vacancies, vacancies.c.id == hires.c.vacancy))
        .where(
            vacancies.c.employer == designations.c.employer,
            hires.c.hired_on.between(designations.c.since, last),
            ~hires.c.released,
        )
        .correlate(designations)
        .scalar_subquery()
    )
    firm = employers.c.city, employers.c.uscc.label("employer_uscc"), employers.c.name.label("employer_name")
    told = select(*_COLUMNS, *firm, taken_in.label("counted"))
    return told.select_from(designations.join(employers, employers.c.id == designations.c.employer))
