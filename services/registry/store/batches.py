"""Imported files (批次) in the database: their report, and the rows that came back, sealed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, literal, select, text

from libs.common.database import Transaction
from libs.common.imports.flow import ImportNotFound
from libs.common.imports.model import TOTALS, ImportRecord, ListedImport
from libs.common.imports.store import ImportTables
from libs.common.row_mapping import columns_of, read_row, read_rows
from services.registry.tables import batch, import_file, import_row

TABLES = ImportTables(batch, import_file, import_row)


async def insert_import(tx: Transaction, record: ImportRecord) -> None:
    await tx.execute(insert(batch).values(**TABLES.values_of(record), imported_by=record.by))


async def get_import(tx: Transaction, number: UUID) -> ImportRecord:
    """One import; raises ImportNotFound."""
    columns = [column for column in columns_of(batch, ImportRecord) if column.name != "undone"]
    renamed = (
        literal(tx.node.code).label("region"),
        batch.c.imported_by.label("by"),
        batch.c.undone_at.is_not(None).label("undone"),
        *TABLES.rows.counts(),
    )
    row = (await tx.execute(select(*columns, *renamed).where(batch.c.id == number))).one_or_none()
    if row is None:
        raise ImportNotFound(str(number))
    return read_row(ImportRecord, row)


async def list_imports(tx: Transaction, *, before: UUID | None, limit: int) -> list[ListedImport]:
    """The newest first; ids are in the order of importing. Rows given again are told with the import whose rows they are."""
    totals = [batch.c.report[name].as_integer().label(name) for name in TOTALS]
    region = literal(tx.node.code).label("region")
    query = select(*columns_of(batch, ListedImport), batch.c.imported_by.label("by"), region, *totals)
    query = query.where(batch.c.repairs.is_(None), *([] if before is None else [batch.c.id < before]))
    return read_rows(ListedImport, await tx.execute(query.order_by(batch.c.id.desc()).limit(limit)))


async def lock_register(tx: Transaction) -> None:
    """One file at a time goes into the register: two that bring the same people would both take them for strangers."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('registry.import'))"))
