"""Ends of chains as nodes have signed them (见证) in the database: added, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.registry.tables import witness


async def find_last(tx: Transaction, node: str, service: str) -> Row[Any] | None:
    query = (
        select(witness)
        .where(witness.c.node == node, witness.c.service == service)
        .order_by(witness.c.at.desc())
        .limit(1)
    )
    return (await tx.execute(query)).one_or_none()


async def insert_if_absent_witness(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(witness).values(**values).on_conflict_do_nothing())


async def list_witnesses(tx: Transaction, *, node: str | None, limit: int) -> Sequence[Row[Any]]:
    """The newest first; of one node or of all."""
    query = select(witness).order_by(witness.c.at.desc(), witness.c.node, witness.c.service).limit(limit)
    return (await tx.execute(query.where(witness.c.node == node) if node else query)).all()
