"""Workbooks as offices make them, built in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from libs.common.sheets import Layout

FORM = Layout(
    name="测试表",
    required=("姓名", "证件号码", "乡", "出生日期"),
    optional=("序号", "户主姓名", "户主证件号码", "备注", "务工时间（月）"),
    aliases={"身份证号": "证件号码", "所在乡镇": "乡"},
    anchors=("姓名", "证件号码"),
)
HEADER = ["序号", "乡", "姓名", "证件号码", "出生日期", "备注"]
ROWS: list[list[Any]] = [
    [1, "花垣镇", "石一", "433124", "19850301", None],
    [2, "花垣镇", "石二", "433125", "19850302", "新"],
    [3, "双龙镇", "石三", "433126", "19850303", None],
]
Merge = tuple[int, int, int, int]


def book(
    lines: Sequence[Sequence[Any]],
    *,
    top: int = 0,
    left: int = 0,
    merges: Sequence[Merge] = (),
    fills: Sequence[tuple[int, int, dict[str, Any]]] = (),
    before: Sequence[tuple[str, Sequence[Sequence[Any]], bool]] = (),
) -> bytes:
    """An xlsx: `before` are (name, lines, hidden) of sheets in front; `merges` are first and last row and column from 0."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"strings_to_formulas": False, "strings_to_numbers": False}) as made:
        for name, others, hidden in before:
            sheet = made.add_worksheet(name)
            for row, line in enumerate(others):
                sheet.write_row(row, 0, line)
            if hidden:
                sheet.hide()
        sheet = made.add_worksheet("数据")
        sheet.activate()
        sheet.set_first_sheet()
        painted = {(row, column): made.add_format(look) for row, column, look in fills}
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                look = painted.get((row, column))
                if value is not None or look:
                    sheet.write(row + top, column + left, value, look)
        for first, start, last, end in merges:
            sheet.merge_range(
                first + top, start + left, last + top, end + left, lines[first][start], painted.get((first, start))
            )
    return buffer.getvalue()
