"""A file into a table: workbook or CSV, headers found, rows numbered as in the sheet, all that is no data set aside and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.common.sheets.copies import without_copies
from libs.common.sheets.csv_reader import read_csv
from libs.common.sheets.errors import EmptyTable, NotAWorkbook, too_many_rows
from libs.common.sheets.formats import refuse_other_text
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header, alias_table
from libs.common.sheets.leftovers import tell_leftovers
from libs.common.sheets.model import NEXT_SHEET, CellValue, Finding, Layout, Note, Part, Row, Table
from libs.common.sheets.row_filter import name_row, name_rows_above
from libs.common.sheets.sheet_xml import MAX_ROWS
from libs.common.sheets.shifts import find_shifted
from libs.common.sheets.tables import Found, Region, find_tables
from libs.common.sheets.twins import Source, settle
from libs.common.sheets.workbook import is_workbook, read_workbook

# Where a fault of a row as a whole is told: no column is to blame.
WHOLE_ROW = "整行"
WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True)
class Sheet:
    """What one sheet, or one of two tables beside each other, gave: rows and reasons numbered as in the sheet."""

    name: str
    header_row: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    ignored: Mapping[int, str]
    notes: tuple[Note, ...]


def read_grids_into_table(content: bytes, filename: str, layout: Layout) -> Table:
    """Read a file in this process, which whoever does not trust the file does in another one (`apart.read_table`)."""
    if not content.strip():
        raise EmptyTable("文件是空的 The file is empty")
    table = alias_table(layout)
    grids = _read_grids(content, filename, table)
    if not any(grid.filled(row) for grid in grids for row in range(grid.height)):
        raise EmptyTable("文件里没有内容 There is nothing in the file")
    found, notes = find_tables(grids, layout, table)
    ranks = {key: rank for rank, key in enumerate(table)}
    sheets = [sheet for each in found for sheet in _read_sheet(each, layout, ranks)]
    sheets, copied = without_copies(sheets, layout)
    joined = _join(sheets, [*notes, *copied])
    if not joined.rows:
        raise EmptyTable("表头下面没有数据 There is no data below the header")
    if len(joined.rows) > MAX_ROWS:
        raise too_many_rows(MAX_ROWS)
    return joined


def read_plain_table(grid: Grid, layout: Layout) -> tuple[Table, Header] | None:
    """One piece of a longer sheet, and its header; None where it is not one table and nothing else."""
    table = alias_table(layout)
    found, notes = find_tables([grid], layout, table)
    if notes or found[0].notes or len(found[0].regions) != 1:
        return None
    [sheet] = _read_sheet(found[0], layout, {key: rank for rank, key in enumerate(table)})
    return _join([sheet], []), found[0].regions[0].header


def _read_grids(content: bytes, filename: str, headers: Mapping[str, str]) -> list[Grid]:
    if is_workbook(content):
        return read_workbook(content)
    if filename.lower().endswith(WORKBOOK_NAMES):
        refuse_other_text(content)
        raise NotAWorkbook("文件名是工作簿，内容不是 The name says workbook, the content does not")
    refuse_other_text(content)
    return [read_csv(content, filename, headers)]


def _join(sheets: Sequence[Sheet], notes: Sequence[Note]) -> Table:
    """All sheets as one: rows of the second are numbered from a million on, so that every row has a number of its own."""
    rows: list[Row] = []
    ignored: dict[int, str] = {}
    parts: list[Part] = []
    for number, sheet in enumerate(sheets):
        offset = number * NEXT_SHEET
        rows += [Row(row.number + offset, row.values, row.marked, row.faults) for row in sheet.rows]
        ignored |= {row + offset: why for row, why in sheet.ignored.items()}
        parts.append(Part(sheet.name, sheet.header_row, offset, len(sheet.rows)))
    columns = tuple(dict.fromkeys(column for sheet in sheets for column in sheet.columns))
    told = (*notes, *(note for sheet in sheets for note in sheet.notes))
    return Table(sheets[0].header_row if sheets else 0, columns, tuple(rows), ignored, told, tuple(parts))


def _read_sheet(found: Found, layout: Layout, ranks: Mapping[str, int]) -> list[Sheet]:
    """The sheet's tables: those below each other are one, those beside each other count as sheets of their own."""
    beside: dict[int, list[Region]] = {}
    for region in found.regions:
        tops = [each.header.top for each in found.regions]
        at = sum(1 for each in found.regions[: found.regions.index(region)] if each.header.top == region.header.top)
        beside.setdefault(at if tops.count(region.header.top) > 1 else 0, []).append(region)
    return [_read_regions(found, regions, layout, ranks, first=not at) for at, regions in sorted(beside.items())]


def _read_regions(
    found: Found, regions: Sequence[Region], layout: Layout, ranks: Mapping[str, int], *, first: bool
) -> Sheet:
    grid, rows, notes, data = found.grid, [], list(found.notes) if first else [], []
    ignored = name_rows_above(grid, regions[0].header) if first else {}
    columns: dict[str, None] = {}
    for region in regions:
        header, kept = region.header, []
        ignored |= dict.fromkeys(range(header.top, header.bottom), "header") | (
            {header.bottom: "header"} if region is not regions[0] else {}
        )
        for row in range(header.bottom + 1, region.end):
            reason = name_row(grid, row, header, layout)
            if reason:
                ignored[row] = reason
            else:
                kept.append(row)
        sources, twins = settle(grid, header, kept, layout, ranks)
        rows += _read_rows(grid, kept, header, sources)
        columns |= dict.fromkeys(sorted(sources, key=lambda name: sources[name].column))
        notes += twins
        data += kept
    ignored |= _left_out(regions, grid.height)
    if grid.ends:
        _drop_trailing_blanks(ignored, grid.height)
    if first:
        notes += tell_leftovers(grid, [region.header for region in found.regions], data)
    told = {grid.number(row): name for row, name in sorted(ignored.items()) if row >= grid.head}
    return Sheet(grid.name, regions[0].header.bottom + 1, tuple(columns), tuple(rows), told, tuple(notes))


def _left_out(regions: Sequence[Region], height: int) -> dict[int, str]:
    """Rows below the first table that belong to no table that is read: those of another form."""
    inside = {row for region in regions for row in range(region.header.top, region.end)}
    return {row: "other_table" for row in range(regions[0].header.top, height) if row not in inside}


def _read_rows(grid: Grid, rows: Sequence[int], header: Header, sources: Mapping[str, Source]) -> list[Row]:
    shifted = find_shifted(grid, header, rows)
    return [_read_row(grid, row, sources, shifted.get(row)) for row in rows]


def _read_row(grid: Grid, row: int, sources: Mapping[str, Source], fault: str | None) -> Row:
    values: dict[str, CellValue] = {}
    marked, faults = set(), [Finding(code, WHOLE_ROW) for code in (fault, grid.faults.get((row, -1))) if code]
    for name, source in sources.items():
        values[name], column = source.read(grid, row)
        if grid.yellow and grid.is_yellow(row, column):
            marked.add(name)
        if grid.faults and (row, column) in grid.faults:
            faults.append(Finding(grid.faults[row, column], name))
        if source.same and source.disagrees(grid, row):
            faults.append(Finding("columns_disagree", name))
    return Row(grid.number(row), values, frozenset(marked), tuple(faults))


def _drop_trailing_blanks(ignored: dict[int, str], height: int) -> None:
    """Formatted but empty rows at the end are no part of the sheet."""
    row = height - 1
    while ignored.get(row) == "blank":
        del ignored[row]
        row -= 1
