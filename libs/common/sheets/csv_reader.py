"""CSV into a grid: whichever encoding the office saved it in, whichever mark divides it, records split with care."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from libs.common.sheets.csv_records import Record, split_records
from libs.common.sheets.encodings import LOST, decode
from libs.common.sheets.errors import FileTooLarge, NotATable, too_many_rows
from libs.common.sheets.grid import Grid, Position
from libs.common.sheets.header import SEARCH_ROWS, header_key
from libs.common.sheets.limits import MAX_CELL_TEXT
from libs.common.sheets.model import CellValue
from libs.common.sheets.sheet_xml import MARGIN, MAX_CELLS, MAX_COLUMNS, MAX_ROWS

MARKS = ",\t;|，"
_DIVIDED = re.compile(f'[{MARKS}\r\n"]')
# A spreadsheet's own word on the first line for what divides.
_STATED = re.compile(r'"?sep=([^"\r\n])"?[\r\n]')
_HEAD = 20_000


def read_csv(content: bytes, name: str, headers: Mapping[str, str]) -> Grid:
    """One grid; a row is a record. `headers` are those that the form knows. Raises NotATable, FileTooLarge."""
    text, some_lost = decode(content, lambda text: headers_known(text, headers))
    return grid_of(_guarded(split_records(text, find_mark(text, headers))), name, some_lost=some_lost)


def grid_of(records: Iterable[Record], name: str, *, some_lost: bool = False) -> Grid:
    cells: list[list[CellValue]] = []
    faults: dict[Position, str] = {}
    for record, fault in records:
        if fault:
            faults[len(cells), -1] = fault
        if some_lost:
            faults |= {(len(cells), at): "characters_lost" for at, cell in enumerate(record) if LOST in cell}
        cells.append(record)  # type: ignore[arg-type]
    return Grid(name, cells, faults=faults, records=True)


def headers_known(text: str, headers: Mapping[str, str]) -> int:
    """How many of the form's headers the beginning of a text shows."""
    return _known(_DIVIDED.split(text[:_HEAD]), headers)


def _guarded(records: Iterable[Record]) -> Iterator[Record]:
    left = MAX_CELLS
    for number, (record, fault) in enumerate(records, start=1):
        if number > MAX_ROWS + MARGIN:
            raise too_many_rows(MAX_ROWS)
        left -= len(record)
        if left < 0:
            raise FileTooLarge(f"超过 {MAX_CELLS} 格 More than {MAX_CELLS} cells")
        guard_row(number, record)
        yield record, fault


def find_mark(text: str, headers: Mapping[str, str]) -> str:
    """The mark that divides: by which most headers are known; of equal ones, by which most lines are alike; a comma at last."""
    if stated := _STATED.match(text):
        return stated[1]
    lines = [line for line in islice(io.StringIO(text[:_HEAD], newline=""), SEARCH_ROWS) if line.strip()]

    def worth(mark: str) -> tuple[int, int, int, bool]:
        known = max((_known(line.rstrip("\r\n").replace('"', "").split(mark), headers) for line in lines), default=0)
        widths = Counter(line.count(mark) for line in lines if mark in line)
        alike = max(widths.values(), default=0)
        return known, alike, text[:_HEAD].count(mark), mark == ","

    return max(MARKS, key=worth)


def _known(cells: list[str], headers: Mapping[str, str]) -> int:
    return len({headers[key] for key in map(header_key, cells) if key in headers})


def guard_row(rows: int, record: list[str]) -> None:
    """One record by itself."""
    if len(record) > MAX_COLUMNS:
        raise NotATable(f"第 {rows} 行超过 {MAX_COLUMNS} 列 Row {rows} has more than {MAX_COLUMNS} columns")
    if max(map(len, record), default=0) > MAX_CELL_TEXT:
        raise FileTooLarge(
            f"第 {rows} 行有一格超过 {MAX_CELL_TEXT} 个字符 A cell of row {rows} has more than {MAX_CELL_TEXT} characters"
        )
