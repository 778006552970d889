"""Conflicts (冲突) in the database: both values, until somebody decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.mutations import ConflictNotFound, SyncConflict
from services.registry.tables import sync_conflict

_COLUMNS = columns_of(sync_conflict, SyncConflict)


async def insert_conflict(tx: Transaction, given: SyncConflict) -> None:
    await tx.execute(insert(sync_conflict).values(vars(given)))


async def get_conflict(tx: Transaction, one: UUID) -> SyncConflict:
    """One whose person is within reach; raises ConflictNotFound."""
    return await get_one(
        tx, select(*_COLUMNS).where(sync_conflict.c.id == one), SyncConflict, ConflictNotFound(str(one))
    )


async def lock_conflict(tx: Transaction, one: UUID) -> SyncConflict:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(sync_conflict.c.id == one).with_for_update()
    return await get_one(tx, query, SyncConflict, ConflictNotFound(str(one)))


async def get_request_of(tx: Transaction, person: UUID, one: UUID) -> SyncConflict:
    """What a person has asked herself; raises ConflictNotFound."""
    return await get_one(
        tx, _requests_of(person).where(sync_conflict.c.id == one), SyncConflict, ConflictNotFound(str(one))
    )


async def list_requests_of(tx: Transaction, person: UUID, *, before: UUID | None, limit: int) -> list[SyncConflict]:
    """The same, all of them, the newest first."""
    query = _requests_of(person) if before is None else _requests_of(person).where(sync_conflict.c.id < before)
    return read_rows(SyncConflict, await tx.execute(query.order_by(sync_conflict.c.id.desc()).limit(limit)))


def _requests_of(person: UUID) -> Select[Any]:
    return select(*_COLUMNS).where(sync_conflict.c.person == person, sync_conflict.c.source == "self")


async def count_open_of(tx: Transaction, person: UUID) -> int:
    """How many wait of one person."""
    query = select(func.count()).where(sync_conflict.c.person == person, sync_conflict.c.state == "open")
    return int((await tx.execute(query)).scalar_one())


async def list_conflicts(
    tx: Transaction, *, decided: bool, source: str | None, after: UUID | None, limit: int
) -> list[SyncConflict]:
    """Open ones or those that were decided, in the order in which they came."""
    state = sync_conflict.c.state
    query = select(*_COLUMNS).where(state != "open" if decided else state == "open")
    if source is not None:
        query = query.where(sync_conflict.c.source == source)
    if after is not None:
        query = query.where(sync_conflict.c.id > after)
    return read_rows(SyncConflict, await tx.execute(query.order_by(sync_conflict.c.id).limit(limit)))


async def update_conflict(tx: Transaction, given: SyncConflict) -> None:
    await tx.execute(update(sync_conflict).where(sync_conflict.c.id == given.id).values(vars(given)))
