"""A file into a table: workbook or CSV, header found, rows numbered as in the sheet, all that is no data set aside."""

from __future__ import annotations

from libs.common.sheets.csv_reader import read_csv
from libs.common.sheets.errors import EmptyTable, FileTooLarge, NotATable, NotAWorkbook
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header, find_header
from libs.common.sheets.model import CellValue, Layout, Row, Table
from libs.common.sheets.row_filter import name_row, name_rows_above
from libs.common.sheets.sheet_xml import MAX_ROWS
from libs.common.sheets.workbook import is_workbook, read_workbook

_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM")


def read_grids_into_table(content: bytes, filename: str, layout: Layout) -> Table:
    """Read one sheet in this process, which whoever does not trust the file does in another one (`apart.read_table`)."""
    if not content.strip():
        raise EmptyTable("文件是空的 The file is empty")
    grids = _read_grids(content, filename)
    if not any(grid.filled(row) for grid in grids for row in range(grid.height)):
        raise EmptyTable("文件里没有内容 There is nothing in the file")
    grid, header = find_header(grids, layout)
    table = _read_rows(grid, header, layout)
    if not table.rows:
        raise EmptyTable("表头下面没有数据 There is no data below the header")
    if len(table.rows) > MAX_ROWS:
        raise FileTooLarge(f"超过 {MAX_ROWS} 行 More than {MAX_ROWS} rows")
    return table


def _read_grids(content: bytes, filename: str) -> list[Grid]:
    if is_workbook(content):
        return read_workbook(content)
    if filename.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise NotAWorkbook("文件名是工作簿，内容不是 The name says workbook, the content does not")
    if content.startswith(_BINARY):
        raise NotATable("既不是 xlsx 也不是 CSV Neither xlsx nor CSV")
    return [read_csv(content, filename)]


def _read_rows(grid: Grid, header: Header, layout: Layout) -> Table:
    ignored = name_rows_above(grid, header)
    rows = []
    for row in range(header.bottom + 1, grid.height):
        reason = name_row(grid, row, header, layout)
        if reason:
            ignored[row] = reason
        else:
            rows.append(_read_row(grid, row, header))
    _drop_trailing_blanks(ignored, grid.height)
    columns = tuple(sorted(header.columns, key=lambda name: header.columns[name]))
    return Table(header.bottom + 1, columns, tuple(rows), {row + 1: name for row, name in sorted(ignored.items())})


def _read_row(grid: Grid, row: int, header: Header) -> Row:
    values: dict[str, CellValue] = {name: grid.value(row, column) for name, column in header.columns.items()}
    marked = frozenset(name for name, column in header.columns.items() if grid.is_yellow(row, column))
    return Row(row + 1, values, marked)


def _drop_trailing_blanks(ignored: dict[int, str], height: int) -> None:
    """Formatted but empty rows at the end are no part of the sheet."""
    row = height - 1
    while ignored.get(row) == "blank":
        del ignored[row]
        row -= 1
