"""A list as a workbook (名单工作簿): written row by row in constant memory, with what it is above its heads and its mark behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import BinaryIO, Self

from xlsxwriter import Workbook

from libs.common.exports import ExportMark
from libs.common.sheets.columns import Column
from libs.common.sheets.marking import put_mark
from libs.common.sheets.writer import OPTIONS, write_line

# The title, what the list rests on, the heads.
HEAD_ROW = 2
_A4, _WIDEST = 9, 24


class ListWorkbook:
    """One sheet, for A4 across with its heads on each page. What lies on the disk meanwhile is gone when the block ends."""

    def __init__(self, title: str, told: str, columns: Sequence[Column]):
        self.rows = 0
        self._columns = columns
        self._place = TemporaryDirectory(prefix="xieli-list-")
        self._path = Path(self._place.name) / "list.xlsx"
        self._book = Workbook(str(self._path), {**OPTIONS, "tmpdir": self._place.name})
        self._sheet = self._book.add_worksheet(title[:31])
        self._lay_out()
        bold = self._book.add_format({"bold": True})
        for number, line in enumerate(([title], [told], [column.heading for column in columns])):
            write_line(self._sheet, number, line, None if number == 1 else bold)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._book.fileclosed:
            self._book.close()
        self._place.cleanup()

    def write(self, rows: Iterable[object]) -> None:
        for row in rows:
            self.rows += 1
            write_line(self._sheet, HEAD_ROW + self.rows, [column.cell(row) for column in self._columns])

    def finish(self, mark: ExportMark) -> BinaryIO:
        """The file with its mark, open to be read; its name is gone with the block."""
        if mark.left_off:
            words = f"名单未列全：最多 {mark.rows} 行，请缩小条件后再导出 More follow: at most {mark.rows} rows, narrow the list."
            write_line(self._sheet, HEAD_ROW + self.rows + 1, [words])
        last = HEAD_ROW + max(self.rows, 1)
        self._sheet.autofilter(HEAD_ROW, 0, last, len(self._columns) - 1)
        put_mark(self._book, mark)
        self._book.close()
        return self._path.open("rb")

    def _lay_out(self) -> None:
        sheet = self._sheet
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.repeat_rows(HEAD_ROW)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for number, column in enumerate(self._columns):
            sheet.set_column(number, number, min(_WIDEST, max(10, 2 * len(column.heading) + 3)))
