"""Imported sheets in the database: their report, and the rows that came back, sealed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import DateTime, insert, literal, null, select

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.imports.flow import ImportNotFound
from libs.common.imports.model import TOTALS, ImportRecord, ListedImport
from libs.common.imports.store import ImportTables
from libs.common.row_mapping import columns_of, read_row, read_rows
from services.jobs.tables import import_file, import_row, imports

TABLES = ImportTables(imports, import_file, import_row)
# Which vacancy came with which sheet is not kept, so that nothing can be taken back.
_STANDS = null().cast(DateTime(timezone=True)).label("undone_at")


async def insert_import(tx: Transaction, record: ImportRecord) -> None:
    await tx.execute(insert(imports).values(**TABLES.values_of(record), by=record.by, city=record.region))


async def get_import(tx: Transaction, number: UUID) -> ImportRecord:
    """One within the caller's reach; raises ImportNotFound."""
    renamed = (imports.c.city.label("region"), literal(False).label("undone"), *TABLES.rows.counts())
    columns = [*columns_of(imports, ImportRecord), *renamed]
    query = select(*columns).where(imports.c.id == number, within(imports, tx.reach))
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise ImportNotFound(str(number))
    return read_row(ImportRecord, row)


async def list_imports(tx: Transaction, *, before: UUID | None, limit: int) -> list[ListedImport]:
    """Those within the caller's reach, the newest first; ids are in the order of importing."""
    totals = [imports.c.report[name].as_integer().label(name) for name in TOTALS]
    query = select(*columns_of(imports, ListedImport), imports.c.city.label("region"), _STANDS, *totals)
    query = query.where(
        within(imports, tx.reach), imports.c.repairs.is_(None), *([] if before is None else [imports.c.id < before])
    )
    return read_rows(ListedImport, await tx.execute(query.order_by(imports.c.id.desc()).limit(limit)))
