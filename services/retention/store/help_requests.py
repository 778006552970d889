"""Requests for help (求助) in the database: listed by how they stand, the oldest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.retention.rules.help_requests import Category, HelpRequest, HelpState, HelpUnknown
from services.retention.tables import help_request

_COLUMNS = columns_of(help_request, HelpRequest)


async def insert_help_request(tx: Transaction, given: HelpRequest) -> None:
    await tx.execute(insert(help_request).values(vars(given)))


async def get_help_request(tx: Transaction, one: UUID) -> HelpRequest:
    """One within reach; raises HelpUnknown."""
    query = select(*_COLUMNS).where(help_request.c.id == one, within(help_request, tx.reach))
    return await get_one(tx, query, HelpRequest, HelpUnknown(str(one)))


async def lock_help_request(tx: Transaction, one: UUID) -> HelpRequest:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(help_request.c.id == one, within(help_request, tx.reach)).with_for_update()
    return await get_one(tx, query, HelpRequest, HelpUnknown(str(one)))


async def list_help_requests(
    tx: Transaction,
    *,
    state: HelpState | None,
    category: Category | None,
    person: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[HelpRequest]:
    given = {"state": state, "category": category, "person": person}
    query = select(*_COLUMNS).where(
        within(help_request, tx.reach),
        *(help_request.c[name] == value for name, value in given.items() if value is not None),
    )
    if after is not None:
        query = query.where(help_request.c.id > after)
    return read_rows(HelpRequest, await tx.execute(query.order_by(help_request.c.id).limit(limit)))


async def update_help_request(tx: Transaction, given: HelpRequest) -> None:
    await tx.execute(update(help_request).where(help_request.c.id == given.id).values(vars(given)))
