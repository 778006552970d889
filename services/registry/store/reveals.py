"""Requests to name many people at once (批量申请) in the database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, insert, select, update

from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.reveals import RevealRequest
from services.registry.tables import reveal

_COLUMNS = columns_of(reveal, RevealRequest)


class RevealsNotFound(NotFound):
    title = "没有这项申请 No such request"


async def insert_reveals(tx: Transaction, request: RevealRequest) -> None:
    await tx.execute(insert(reveal).values(vars(request)))


async def get_reveals(tx: Transaction, one: UUID) -> RevealRequest:
    return await get_one(tx, _one(one), RevealRequest, RevealsNotFound(str(one)))


async def lock_reveals(tx: Transaction, one: UUID) -> RevealRequest:
    """One request, locked until the end of the transaction."""
    return await get_one(tx, _one(one).with_for_update(), RevealRequest, RevealsNotFound(str(one)))


def _one(one: UUID) -> Select[tuple[object, ...]]:
    return select(*_COLUMNS).where(reveal.c.id == one)


async def list_reveals(
    tx: Transaction, *, requested_by: str | None, after: UUID | None, limit: int
) -> list[RevealRequest]:
    """Requests in the order of entry, of everybody or of one."""
    query = select(*_COLUMNS).order_by(reveal.c.id).limit(limit)
    if requested_by is not None:
        query = query.where(reveal.c.requested_by == requested_by)
    if after is not None:
        query = query.where(reveal.c.id > after)
    return read_rows(RevealRequest, await tx.execute(query))


async def update_reveals(tx: Transaction, request: RevealRequest) -> RevealRequest:
    """Write it as it is now, and count the version up."""
    values = {**vars(request), "version": reveal.c.version + 1}
    changed = update(reveal).where(reveal.c.id == request.id).values(values).returning(*_COLUMNS)
    return read_row(RevealRequest, (await tx.execute(changed)).one())
