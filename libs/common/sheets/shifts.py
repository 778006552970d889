"""Rows that have slipped (错位行): more or fewer cells than headers, so that what stands under a header is not what it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header
from libs.common.sheets.text import tidy

SHIFTED, SHORT = "row_shifted", "row_short"
# So many of a file's records have the same length where the program that wrote it pads them.
_REGULAR = 0.8


def find_shifted(grid: Grid, header: Header, rows: Sequence[int]) -> dict[int, str]:
    """Row -> `row_shifted`, whose values are not to be taken, or `row_short` where that is not sure."""
    return _shifted_records(grid, header, rows) if grid.records else _shifted_cells(grid, header, rows)


def _shifted_records(grid: Grid, header: Header, rows: Sequence[int]) -> dict[int, str]:
    """A separator too many or too few: outside quotation marks, or a line break within a cell."""
    lengths = {row: len(grid.cells[row]) for row in rows}
    usual, count = Counter(lengths.values()).most_common(1)[0] if lengths else (0, 0)
    widest = max(len(grid.cells[header.bottom]), usual if not _any_beyond(grid, header.end, rows, usual) else 0)
    regular = usual >= header.end and count >= _REGULAR * len(rows)
    found = {}
    for row, length in lengths.items():
        if length > widest or _beyond(grid, row, header.end):
            found[row] = SHIFTED
        elif length < min(usual, header.end):
            found[row] = SHIFTED if regular else SHORT
    return found


def _any_beyond(grid: Grid, end: int, rows: Iterable[int], length: int) -> bool:
    return any(_beyond(grid, row, end) for row in rows if len(grid.cells[row]) == length)


def _beyond(grid: Grid, row: int, end: int) -> bool:
    return any(tidy(value) for value in grid.cells[row][end:])


def _shifted_cells(grid: Grid, header: Header, rows: Sequence[int]) -> dict[int, str]:
    """In a workbook a cell beyond the headers may be a remark; it is none when it says what the last column says elsewhere."""
    last = header.end - 1
    beyond = [row for row in rows if tidy(grid.own(row, header.end))]
    if not beyond or 2 * len(beyond) > len(rows):
        return {}
    usual = {tidy(grid.value(row, last)) for row in rows if row not in set(beyond)} - {""}
    slipped = (row for row in beyond if tidy(grid.own(row, header.end)) in usual)
    return {row: SHIFTED for row in slipped if tidy(grid.own(row, last)) not in usual}
