"""Ends of chains as nodes have signed them (见证) in the database: added, never changed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one
from services.registry.rules.trail import Witness
from services.registry.tables import witness

_COLUMNS = columns_of(witness, Witness)


async def find_last_witness(tx: Transaction, node: str, service: str) -> Witness | None:
    query = select(*_COLUMNS).where(witness.c.node == node, witness.c.service == service)
    return await find_one(tx, query.order_by(witness.c.at.desc()).limit(1), Witness)


async def insert_witness_if_absent(tx: Transaction, given: Witness) -> None:
    await tx.execute(insert(witness).values(vars(given)).on_conflict_do_nothing())


async def list_witnesses(tx: Transaction, *, node: str | None, limit: int) -> list[Witness]:
    """What is remembered, the newest first; of one node or of all."""
    query = select(*_COLUMNS).order_by(witness.c.at.desc(), witness.c.node, witness.c.service).limit(limit)
    return read_rows(Witness, await tx.execute(query.where(witness.c.node == node) if node else query))
