"""What a table is once it has been read: a layout to look for, rows under canonical column names, findings about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

CellValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of sheet (表样) by canonical name; `aliases` are the other headers offices print.

    `serial` names the running number (序号): a row that holds nothing else is an empty form, not data.
    `anchors` are columns of which one alone already makes a row data (a name, a number).
    `weak` are headers that mean their column only where no other header does (用工人数, which is more often who works there).
    """

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    serial: str = "序号"
    anchors: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Finding:
    """What an importer reports about one cell."""

    code: str
    column: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "column": self.column}


@dataclass(frozen=True)
class Row:
    """One row of data: its number in the sheet (of the record in a CSV), values as they stand, cells filled yellow.

    `faults` are what was wrong with the cells before anybody asked what they say.
    """

    number: int
    values: Mapping[str, CellValue]
    marked: frozenset[str] = frozenset()
    faults: tuple[Finding, ...] = ()

    def get(self, column: str) -> CellValue:
        return self.values.get(column)


@dataclass(frozen=True)
class Note:
    """What a file holds beside its rows, or in an unusual place (读取说明): left out, or read although one might not expect it.

    `where` are rows, columns or a cell as a spreadsheet names them; `names` sheets, columns or headers.
    """

    code: str
    sheet: str = ""
    where: str = ""
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"names": list(self.names)}


@dataclass(frozen=True)
class Part:
    """One sheet that was read (工作表): its row n is number `offset + n` in every report, its header's row stands as in the sheet."""

    sheet: str
    header_row: int
    offset: int
    rows: int

    def as_json(self) -> dict[str, object]:
        return asdict(self)


# Rows of the second sheet that is read are numbered from here on, those of the third from twice this.
NEXT_SHEET = 1_000_000


@dataclass(frozen=True)
class Table:
    """What was understood of a file. `ignored` says why other rows are no data: title, note, blank, header, total, sign …"""

    header_row: int
    columns: tuple[str, ...]
    rows: Sequence[Row]
    ignored: Mapping[int, str]
    notes: tuple[Note, ...] = ()
    parts: tuple[Part, ...] = ()

    def has(self, column: str) -> bool:
        return column in self.columns


def sheet_of(number: int, sheets: Mapping[int, str]) -> str:
    """The sheet of a row, of several by the offset of their numbers; empty where there is but one."""
    return sheets.get(number - number % NEXT_SHEET, "") if len(sheets) > 1 else ""
