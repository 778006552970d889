"""What a table is once it has been read: a layout to look for, rows under canonical column names, findings about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

CellValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of sheet (表样) by canonical name; `aliases` are the other headers offices print.

    `serial` names the running number (序号): a row that holds nothing else is an empty form, not data.
    `anchors` are columns of which one alone already makes a row data (a name, a number).
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    serial: str = "序号"
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of data: its number in the sheet (of the record in a CSV), values as they stand, cells filled yellow."""

    number: int
    values: Mapping[str, CellValue]
    marked: frozenset[str] = frozenset()

    def get(self, column: str) -> CellValue:
        return self.values.get(column)


@dataclass(frozen=True)
class Table:
    """A sheet that was understood. `ignored` says why other rows are no data: title, note, blank, header, total, sign."""

    header_row: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    ignored: Mapping[int, str]

    def has(self, column: str) -> bool:
        return column in self.columns


@dataclass(frozen=True, order=True)
class Finding:
    """What an importer reports about one cell."""

    code: str
    column: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "column": self.column}
