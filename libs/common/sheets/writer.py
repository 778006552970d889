"""Rows back to the office (退回表): the refused rows as they were, with their number and the reason in last columns, streamed as xlsx."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, repeat
from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from libs.common.sheets.model import CellValue, Row
from libs.common.sheets.text import CONTROL

# By the number a row that comes back put right is known for the one that it was.
ROW, REASON = "原行号", "退回原因"
YELLOW = "#FFFF00"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "nan_inf_to_errors": True,
}


def write_refused(
    rows: Sequence[Row], reasons: Mapping[int, str], finish: Callable[[Workbook], None] = lambda book: None
) -> bytes:
    """An xlsx with the refused rows, cell by cell as they came, 原行号 and 退回原因 behind them. Nothing becomes a formula.

    A cell that was yellow is yellow: of a vacancy it says something.
    """
    columns = list(dict.fromkeys(column for row in rows for column in row.values))
    lines = ([*(row.get(column) for column in columns), row.number, reasons.get(row.number, "")] for row in rows)
    marked = (_yellow_places(row, columns) for row in rows)
    return write_sheet([*columns, ROW, REASON], lines, name="退回", finish=finish, marked=marked)


def _yellow_places(row: Row, columns: Sequence[str]) -> set[int]:
    """Of days none: they have a look of their own."""
    yellow = {column for column in row.marked if not isinstance(row.get(column), date)}
    return {place for place, column in enumerate(columns) if column in yellow} if yellow else set()


def write_sheet(
    columns: Sequence[str],
    lines: Iterable[Sequence[CellValue]],
    *,
    name: str = "数据",
    finish: Callable[[Workbook], None] = lambda book: None,
    marked: Iterable[Collection[int]] = (),
) -> bytes:
    """One sheet with a bold header row, written row by row in constant memory; `finish` may add to the workbook what is no data.

    `marked` are of each line the places that are yellow.
    """
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as book:
        sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        write_line(sheet, 0, columns, bold)
        yellow = book.add_format({"bg_color": YELLOW})
        for number, (line, places) in enumerate(zip(lines, chain(marked, repeat(())), strict=False), start=1):
            for place in places:
                sheet.write_blank(number, place, None, yellow)
            write_line(sheet, number, line, marks=dict.fromkeys(places, yellow))
        finish(book)
    return buffer.getvalue()


def write_line(
    sheet: Worksheet,
    number: int,
    line: Sequence[CellValue],
    style: Format | None = None,
    marks: Mapping[int, Format] = MappingProxyType({}),
) -> None:
    """One row, each value by its type: text stays text, whatever it begins with."""
    for column, value in enumerate(line):
        look = marks.get(column, style)
        if isinstance(value, bool):
            sheet.write_boolean(number, column, value, look)
        elif isinstance(value, datetime | date):
            sheet.write_datetime(number, column, value, look)
        elif isinstance(value, int | float):
            sheet.write_number(number, column, value, look)
        elif value:
            sheet.write_string(number, column, CONTROL.sub("", str(value)), look)
