"""Imported sheets in the database: their report, and the workbook of refused rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from services.jobs.tables import imports


async def add_import(tx: Transaction, values: dict[str, Any]) -> Row[Any]:
    return (await tx.execute(insert(imports).values(**values).returning(imports))).one()


async def find_import(tx: Transaction, number: UUID) -> Row[Any] | None:
    return (await tx.execute(select(imports).where(imports.c.id == number, within(imports, tx.reach)))).one_or_none()
