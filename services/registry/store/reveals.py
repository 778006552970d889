"""Requests to name many people at once (批量申请) in the database: for whom, for what, approved by whom, collected or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.registry.tables import reveal


class RevealsNotFound(NotFound):
    title = "没有这项申请 No such request"


async def insert_reveals(tx: Transaction, values: dict[str, Any]) -> Row[Any]:
    return (await tx.execute(insert(reveal).values(**values).returning(reveal))).one()


async def get_reveals(tx: Transaction, one: UUID) -> Row[Any]:
    row = (await tx.execute(select(reveal).where(reveal.c.id == one))).one_or_none()
    if row is None:
        raise RevealsNotFound(str(one))
    return row


async def lock_reveals(tx: Transaction, one: UUID) -> Row[Any]:
    """One request, locked until the end of the transaction."""
    row = (await tx.execute(select(reveal).where(reveal.c.id == one).with_for_update())).one_or_none()
    if row is None:
        raise RevealsNotFound(str(one))
    return row


async def list_reveals(
    tx: Transaction, *, requested_by: str | None, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Requests in the order of entry, of everybody or of one."""
    query = select(reveal).order_by(reveal.c.id).limit(limit)
    if requested_by is not None:
        query = query.where(reveal.c.requested_by == requested_by)
    if after is not None:
        query = query.where(reveal.c.id > after)
    return (await tx.execute(query)).all()


async def update_reveals(tx: Transaction, one: UUID, **values: Any) -> Row[Any]:
    """Write changes and count the version up."""
    changed = update(reveal).where(reveal.c.id == one).values(**values, version=reveal.c.version + 1)
    return (await tx.execute(changed.returning(reveal))).one()
