"""What of a sheet is not under a known header, or not to be seen (未识别与隐藏): told, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header
from libs.common.sheets.model import Note
from libs.common.sheets.sheet_xml import column_letters
from libs.common.sheets.text import tidy

_MOST_RANGES = 20


def tell_leftovers(grid: Grid, headers: Sequence[Header], rows: Sequence[int]) -> Iterator[Note]:
    """Columns that no header of the form means, cells without any header, hidden rows and columns that were read."""
    claimed = {claim.column for header in headers for claims in header.claims.values() for claim in claims}
    filled = _filled_columns(grid, rows)
    unnamed: list[int] = []
    for column in sorted(filled - claimed):
        printed = "".join(dict.fromkeys(filter(None, (header.printed(column) for header in headers))))
        if printed:
            yield Note("column_unknown", grid.name, column_letters(column), (printed,))
        else:
            unnamed.append(column)
    if unnamed:
        held = [row for row in rows if any(tidy(grid.own(row, column)) for column in unnamed)]
        yield Note(
            "cells_without_header", grid.name, ranges(map(grid.number, held)), tuple(map(column_letters, unnamed))
        )
    yield from _tell_hidden(grid, claimed & filled, rows)


def _filled_columns(grid: Grid, rows: Iterable[int]) -> set[int]:
    filled: set[int] = set()
    for row in rows:
        line = grid.cells[row]
        filled |= {column for column in range(len(line)) if column not in filled and tidy(line[column])}
    return filled


def _tell_hidden(grid: Grid, read: set[int], rows: Sequence[int]) -> Iterator[Note]:
    hidden = [row for row in rows if row in grid.hidden_rows]
    if hidden:
        yield Note("rows_hidden", grid.name, ranges(map(grid.number, hidden)), (str(len(hidden)),))
    columns = sorted(read & grid.hidden_columns)
    if columns:
        yield Note("columns_hidden", grid.name, "、".join(map(column_letters, columns)))


def ranges(rows: Iterable[int]) -> str:
    """Rows as a spreadsheet numbers them: 4-5, 9; of many ranges the first."""
    groups = groupby(enumerate(sorted(rows)), lambda pair: pair[1] - pair[0])
    runs = [[row for _, row in group] for _, group in groups]
    told = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs[:_MOST_RANGES]]
    return ", ".join(told) + (" …" if len(runs) > _MOST_RANGES else "")
