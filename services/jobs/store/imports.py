"""Imported sheets in the database: their report, and the workbook of refused rows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.imports.flow import ImportNotFound
from libs.common.imports.model import ImportRecord
from libs.common.row_mapping import columns_of, read_row
from services.jobs.tables import imports


async def insert_import(tx: Transaction, record: ImportRecord) -> None:
    values = {name: value for name, value in vars(record).items() if name != "region"}
    await tx.execute(insert(imports).values(**values, city=record.region))


async def get_import(tx: Transaction, number: UUID) -> ImportRecord:
    """One within the caller's reach; raises ImportNotFound."""
    columns = [*columns_of(imports, ImportRecord), imports.c.city.label("region")]
    query = select(*columns).where(imports.c.id == number, within(imports, tx.reach))
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise ImportNotFound(str(number))
    return read_row(ImportRecord, row)
