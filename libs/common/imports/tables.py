"""How far an import is, and its file while it waits (导入进度、待导入文件), as tables of the service that takes it in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from libs.common.access.rows import belongs
from libs.common.rotation import sealed

FILE = "import_file"
ROWS = "import_row"


def progress_columns() -> list[Column[Any]]:
    """Beside the record of an import; one that was there before them is done."""
    return [
        Column("state", Text, nullable=False, server_default="done"),
        Column("asked", JSONB, nullable=False, server_default="{}"),
        Column("total", Integer),
        _count("rows_read"),
        _count("rows_judged"),
        _count("position"),
        _count("stored"),
        _count("attempts"),
        Column("done", JSONB, nullable=False, server_default="{}"),
        Column("problem", JSONB),
    ]


def repair_columns() -> list[Column[Any]]:
    """Of an import that gives rows of another one again: which one that is."""
    return [Column("repairs", Uuid)]


def row_columns() -> list[Column[Any]]:
    """`content` goes with whatever makes a row no longer open; that it was put right, and by which import, stays."""
    return [
        Column("origin", Uuid, primary_key=True),
        Column("row", Integer, primary_key=True),
        Column("state", Text, nullable=False),
        Column("findings", JSONB, nullable=False, server_default="[]"),
        Column("content", LargeBinary, info=sealed()),
        Column("repaired_by", Uuid),
    ]


def file_columns() -> list[Column[Any]]:
    return [
        Column("import", Uuid, primary_key=True),
        Column("piece", Integer, primary_key=True),
        Column("content", LargeBinary, nullable=False, info=sealed()),
    ]


def file_table(metadata: MetaData, imports: Table) -> Table:
    """A file in sealed pieces, from when it comes in until its import is over."""
    number, *others = file_columns()
    number.append_foreign_key(ForeignKey(imports.c.id))
    table = Table(FILE, metadata, number, *others)
    belongs(table, through=(("import", imports.c.id),))
    return table


def row_table(metadata: MetaData, imports: Table) -> Table:
    """Rows that came back, each sealed by itself, until they are put right or their days are over."""
    origin, *others = row_columns()
    origin.append_foreign_key(ForeignKey(imports.c.id))
    table = Table(ROWS, metadata, origin, *others)
    belongs(table, through=(("origin", imports.c.id),))
    return table


def _count(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default=text("0"))
