"""Imported files (批次) in the database: their report, and the workbook of refused rows, sealed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, text

from libs.common.database import Transaction
from services.registry.tables import batch


async def add_batch(tx: Transaction, values: dict[str, Any]) -> Row[Any]:
    return (await tx.execute(insert(batch).values(**values).returning(batch))).one()


async def take_turn(tx: Transaction) -> None:
    """One file at a time goes into the register: two that bring the same people would both take them for strangers."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('registry.import'))"))


async def find_batch(tx: Transaction, number: UUID) -> Row[Any] | None:
    return (await tx.execute(select(batch).where(batch.c.id == number))).one_or_none()
