"""A long CSV piece by piece (分段读取): each piece under the file's own header, so that reading takes the memory of one piece.

Only a plain file is read so: one table from end to end, the same columns in each piece. Whatever else a long file turns out to be, a
second table, a character that is lost, it is read whole after all, within the limits of what is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import IO

from libs.common.sheets.csv_reader import find_mark, grid_of, guard_row, headers_known
from libs.common.sheets.csv_records import Lines, Record, split_lines, usual_width
from libs.common.sheets.encodings import encoding_of
from libs.common.sheets.errors import FileTooLarge
from libs.common.sheets.formats import refuse_other_text
from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Header, alias_table
from libs.common.sheets.model import Layout, Table
from libs.common.sheets.reader import WORKBOOK_NAMES, read_plain_table
from libs.common.sheets.workbook import is_workbook

# Shorter ones are read whole at once.
LONG_BYTES = 4 * 1024 * 1024
PIECE_RECORDS = 2_000
MOST_ROWS = 2_000_000
# Each row that is no data is told; a file with more of them is none that somebody filled in.
MOST_IGNORED = 200_000
_HEAD = 1 << 20


class NotPlain(Exception):
    """More than one table, or something that only the whole file shows."""


def is_long(content: IO[bytes], filename: str) -> bool:
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    start = content.read(8)
    content.seek(0)
    return size > LONG_BYTES and not is_workbook(start) and not filename.lower().endswith(WORKBOOK_NAMES)


def read_pieces(content: IO[bytes], filename: str, layout: Layout) -> Iterator[Table]:
    """The table in pieces, rows numbered through. Raises NotPlain, also when some pieces have come already, or a WrongFile."""
    headers = alias_table(layout)
    refuse_other_text(content.read(_HEAD))
    content.seek(0)
    first: Header | None = None
    columns: tuple[str, ...] = ()
    before: list[list[object]] = []
    passed = ignored = 0
    for records in _pieces(_records(content, headers)):
        guard_rows(passed)
        grid = _under_header(grid_of(records, filename), before, passed)
        plain = read_plain_table(grid, layout)
        if plain is None:
            raise NotPlain()
        table, header = plain
        if first is None:
            first, columns, before = header, table.columns, grid.cells[: header.bottom + 1]  # type: ignore[assignment]
        if (header.top, header.bottom, table.columns) != (first.top, first.bottom, columns):
            raise NotPlain()
        passed += len(records)
        ignored += len(table.ignored)
        guard_ignored(ignored)
        yield table


def guard_ignored(rows: int) -> None:
    if rows > MOST_IGNORED:
        raise FileTooLarge(
            f"空行等非数据行超过 {MOST_IGNORED} 行 More than {MOST_IGNORED} rows are no data, most of them blank"
        )


def guard_rows(rows: int) -> None:
    if rows > MOST_ROWS:
        raise FileTooLarge(f"超过 {MOST_ROWS} 行 More than {MOST_ROWS} rows")


def _records(content: IO[bytes], headers: Mapping[str, str]) -> Iterator[Record]:
    encoding = encoding_of(content, lambda text: headers_known(text, headers))
    if encoding is None:
        raise NotPlain()
    content.seek(0)
    text = io.TextIOWrapper(content, encoding, newline="")
    head = text.read(_HEAD)
    mark = find_mark(head, headers)
    width = usual_width(head, mark)
    text.seek(0)
    try:
        for number, (record, fault) in enumerate(split_lines(Lines(text), mark, width)):
            guard_row(number, record)
            yield record, fault
    finally:
        text.detach()  # else the file is closed with it


def _pieces(records: Iterator[Record]) -> Iterator[list[Record]]:
    while piece := list(islice(records, PIECE_RECORDS)):
        yield piece


def _under_header(grid: Grid, before: list[list[object]], passed: int) -> Grid:
    """The piece with the header's rows in front of it, as it would stand in a file of its own."""
    if not before:
        return replace(grid, ends=False)
    head = len(before)
    faults = {(row + head, column): code for (row, column), code in grid.faults.items()}
    cells = [*before, *grid.cells]
    return replace(grid, cells=cells, faults=faults, head=head, skipped=passed - head, ends=False)  # type: ignore[arg-type]
