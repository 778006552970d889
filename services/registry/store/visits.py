"""Visits (走访) in the database: added, and told with the newest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.visits import Visit
from services.registry.tables import visit

_COLUMNS = columns_of(visit, Visit)


class VisitNotFound(NotFound):
    title = "没有这次走访 No such visit"


async def insert_visit(tx: Transaction, given: Visit) -> None:
    await tx.execute(insert(visit).values(vars(given)))


async def get_visit(tx: Transaction, person: UUID, one: UUID) -> Visit:
    query = select(*_COLUMNS).where(visit.c.id == one, visit.c.person == person)
    return await get_one(tx, query, Visit, VisitNotFound(str(one)))


async def list_visits(tx: Transaction, person: UUID, *, before: UUID | None, limit: int) -> list[Visit]:
    """In the order of entry, the newest first."""
    query = select(*_COLUMNS).where(visit.c.person == person).order_by(visit.c.id.desc()).limit(limit)
    return read_rows(Visit, await tx.execute(query if before is None else query.where(visit.c.id < before)))
