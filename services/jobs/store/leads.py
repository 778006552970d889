"""Leads in the database: noted, held for a step, listed by how they stand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.leads import Lead, LeadSource, LeadState
from services.jobs.rules.refusals import LeadNotFound
from services.jobs.tables import leads

_COLUMNS = columns_of(leads, Lead)


async def insert_lead(tx: Transaction, given: Lead) -> None:
    await tx.execute(insert(leads).values(vars(given)))


async def get_lead(tx: Transaction, lead: UUID) -> Lead:
    """One within the caller's reach; raises LeadNotFound."""
    return await get_one(tx, select(*_COLUMNS).where(leads.c.id == lead, within(leads, tx.reach)), Lead, LeadNotFound())


async def lock_lead(tx: Transaction, lead: UUID) -> Lead:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(leads.c.id == lead, within(leads, tx.reach)).with_for_update()
    return await get_one(tx, query, Lead, LeadNotFound())


async def update_lead(tx: Transaction, after: Lead) -> Lead:
    values = {**vars(after), "version": leads.c.version + 1}
    return read_row(
        Lead, (await tx.execute(update(leads).where(leads.c.id == after.id).values(values).returning(*_COLUMNS))).one()
    )


async def list_leads(
    tx: Transaction, *, state: LeadState | None, source: LeadSource | None, after: UUID | None, limit: int
) -> list[Lead]:
    """One more than the page holds, in the order of entry."""
    wanted = [within(leads, tx.reach)]
    wanted += [column == value for column, value in ((leads.c.state, state), (leads.c.source, source)) if value]
    if after is not None:
        wanted.append(leads.c.id > after)
    return read_rows(Lead, await tx.execute(select(*_COLUMNS).where(*wanted).order_by(leads.c.id).limit(limit + 1)))
