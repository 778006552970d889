"""What was written of employers (变更记录) in the database: appended, read from the newest on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from services.jobs.rules.history import KeptChange
from services.jobs.tables import changes

_COLUMNS = columns_of(changes, KeptChange)


async def insert_changes(tx: Transaction, given: Sequence[KeptChange]) -> None:
    if given:
        await tx.execute(insert(changes), [vars(each) for each in given])


async def list_changes(tx: Transaction, employer: UUID, *, before: UUID | None, limit: int) -> list[KeptChange]:
    """Of one employer, the newest first."""
    query = select(*_COLUMNS).where(changes.c.employer == employer, within(changes, tx.reach))
    query = query if before is None else query.where(changes.c.id < before)
    return read_rows(KeptChange, await tx.execute(query.order_by(changes.c.id.desc()).limit(limit)))
