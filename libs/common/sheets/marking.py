"""A workbook that leaves carries its mark: in the document's properties, on a sheet of its own, and at the foot of each printed page."""

from __future__ import annotations

from xlsxwriter import Workbook

from libs.common.exports import ExportMark

SHEET = "导出标记"


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
