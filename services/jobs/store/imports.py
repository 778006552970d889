"""Imported sheets in the database: their report, and the workbook of refused rows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_optional
from services.jobs.rules.imports import SheetImport
from services.jobs.rules.refusals import ImportNotFound
from services.jobs.tables import imports


async def insert_import(tx: Transaction, given: SheetImport) -> None:
    await tx.execute(insert(imports).values(vars(given)))


async def get_import(tx: Transaction, number: UUID) -> SheetImport:
    """One within the caller's reach; raises ImportNotFound."""
    query = select(*columns_of(imports, SheetImport)).where(imports.c.id == number, within(imports, tx.reach))
    found = read_optional(SheetImport, (await tx.execute(query)).one_or_none())
    if found is None:
        raise ImportNotFound()
    return found
