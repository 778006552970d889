"""A workbook that leaves carries its mark: in the document's properties, on a sheet of its own, and at the foot of each printed page."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from libs.common.exports import ExportMark
from libs.common.sheets.model import CellValue
from libs.common.sheets.writer import write_sheet

SHEET = "导出标记"


def mark_workbook(content: bytes, mark: ExportMark) -> bytes:
    """A workbook of one sheet that this node has written, written again with the mark. Read as a table it is the same."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    name = book.sheet_names[0]
    columns, *lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    told: list[list[CellValue]] = [list(line) for line in lines]  # type: ignore[arg-type]
    return write_sheet(
        [str(column) for column in columns], told, name=name, finish=lambda written: put_mark(written, mark)
    )


def put_mark(book: Workbook, mark: ExportMark) -> None:
    """Into a workbook that is still being written, behind its other sheets."""
    said = mark.lines()
    book.set_properties(
        {"subject": mark.what, "author": mark.by, "comments": mark.short, "created": mark.at.replace(tzinfo=None)}
    )
    for (_, value), name in zip(said, mark.model_dump(), strict=True):
        book.set_custom_property(f"xieli.{name}", value[:255], "text")
    for sheet in book.worksheets():
        sheet.set_footer("&L&8" + mark.short.replace("&", "&&"))
    sheet = book.add_worksheet(SHEET)
    for row, pair in enumerate(said):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text)
