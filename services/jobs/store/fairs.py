"""Job fairs in the database, each with how many firms come; those whose day is over are found once."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.fairs import CountedFair, Fair, FairsWanted
from services.jobs.rules.refusals import FairNotFound
from services.jobs.tables import booths, fairs

_COLUMNS = columns_of(fairs, Fair)


async def insert_fair(tx: Transaction, given: Fair) -> None:
    await tx.execute(insert(fairs).values(vars(given)))


async def lock_fair(tx: Transaction, fair: UUID) -> Fair:
    """One within the caller's reach, held: whoever announces it next must wait. Raises FairNotFound."""
    query = select(*_COLUMNS).where(fairs.c.id == fair, within(fairs, tx.reach)).with_for_update()
    return await get_one(tx, query, Fair, FairNotFound())


async def lock_fairs_over(tx: Transaction, day: date, limit: int) -> list[Fair]:
    """Those whose day lies before this one and that are neither held nor cancelled yet, held."""
    due = fairs.c.day < day, fairs.c.state.in_(("planned", "open"))
    query = select(*_COLUMNS).where(*due).order_by(fairs.c.id).limit(limit).with_for_update()
    return read_rows(Fair, await tx.execute(query))


async def lock_fairs_of(tx: Transaction, employer: UUID) -> list[Fair]:
    """Those that lie ahead where a firm stands, held."""
    theirs = fairs.c.id.in_(select(booths.c.fair).where(booths.c.employer == employer))
    query = select(*_COLUMNS).where(theirs, fairs.c.state.in_(("planned", "open")))
    return read_rows(Fair, await tx.execute(query.order_by(fairs.c.id).with_for_update()))


async def update_fair(tx: Transaction, after: Fair) -> Fair:
    values = {**vars(after), "version": fairs.c.version + 1}
    changed = update(fairs).where(fairs.c.id == after.id).values(values).returning(*_COLUMNS)
    return read_row(Fair, (await tx.execute(changed)).one())


async def get_fair(tx: Transaction, fair: UUID) -> CountedFair:
    """One within the caller's reach; raises FairNotFound."""
    query = _counted().where(fairs.c.id == fair, within(fairs, tx.reach))
    return await get_one(tx, query, CountedFair, FairNotFound())


async def list_fairs(tx: Transaction, wanted: FairsWanted, *, after: UUID | None, limit: int) -> list[CountedFair]:
    """One more than the page holds, in the order of entry."""
    query = _counted().where(within(fairs, tx.reach), *_conditions(wanted))
    query = query if after is None else query.where(fairs.c.id > after)
    return read_rows(CountedFair, await tx.execute(query.order_by(fairs.c.id).limit(limit + 1)))


def _conditions(wanted: FairsWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(fairs.c.state == wanted.state)
    if wanted.since is not None:
        found.append(fairs.c.day >= wanted.since)
    return found


def _counted() -> Select[Any]:
    firms = select(func.count()).select_from(booths).where(booths.c.fair == fairs.c.id).scalar_subquery()
    return select(*_COLUMNS, firms.label("booths"))
