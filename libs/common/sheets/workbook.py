"""xlsx into grids: guards first (zip bombs, size), values by a fast reader, colours by a second look at the XML."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from libs.common.sheets.fills import SheetParts, column_number, yellow_cells
from libs.common.sheets.formulas import fill_formulas
from libs.common.sheets.grid import Grid
from libs.common.sheets.shape import CellValue
from libs.common.sheets.wrong import FileTooLarge, NotAWorkbook, ZipBomb

MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 10 * 1024 * 1024
MAX_ENTRIES = 2000
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 12_000_000
# Room for titles, notes, totals and signatures around the data.
_MARGIN = 100
_OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')


def is_workbook(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_workbook(content: bytes) -> list[Grid]:
    """The visible sheets of a workbook. Raises NotAWorkbook, FileTooLarge, ZipBomb."""
    if content.startswith(_OLE):
        raise NotAWorkbook(
            "旧版 .xls 或加密的工作簿：请另存为不加密的 .xlsx An old or encrypted workbook: save it as plain .xlsx"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard_archive(archive, len(content))
            return list(_read_sheets(content, archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError) as error:
        raise NotAWorkbook("不是完整的 xlsx 工作簿 Not a complete xlsx workbook") from error
    except CalamineError as error:
        raise NotAWorkbook("不是 xlsx 工作簿 Not an xlsx workbook") from error


def _guard_archive(archive: zipfile.ZipFile, packed: int) -> None:
    """Sizes as the directory states them; then every entry is unpacked once, so that a lie about its size is found."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise ZipBomb(f"解压后 {unpacked} 字节，超过 {MAX_UNPACKED} Unpacked size beyond the limit")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise ZipBomb(f"压缩比超过 {MAX_RATIO} Packed more than {MAX_RATIO} to one")
    if archive.testzip() is not None:
        raise NotAWorkbook("压缩包已损坏 The archive is damaged")


def _read_sheets(content: bytes, archive: zipfile.ZipFile) -> Iterator[Grid]:
    parts = SheetParts.of(archive)
    for name in parts.names():
        _guard_extent(parts.xml(name))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
            yield _read_sheet(book, parts, sheet.name)


def _read_sheet(book: CalamineWorkbook, parts: SheetParts, name: str) -> Grid:
    values = book.get_sheet_by_name(name)
    merges = tuple(((a[0], a[1]), (b[0], b[1])) for a, b in values.merged_cell_ranges or ())
    cells: list[list[CellValue]] = [list(line) for line in values.to_python(skip_empty_area=False)]  # type: ignore[arg-type]
    fill_formulas(cells, parts.xml(name))
    return Grid(name, cells, merges, yellow_cells(parts.styles, parts.xml(name)))


def _guard_extent(xml: bytes) -> None:
    """The reader lays out a full rectangle: one cell in the last corner would cost gigabytes."""
    height = width = 0
    for found in _CELL.finditer(xml):
        height = max(height, int(found[2]))
        width = max(width, column_number(found[1]))
    if height > MAX_ROWS + _MARGIN:
        raise FileTooLarge(f"超过 {MAX_ROWS} 行 More than {MAX_ROWS} rows")
    if width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise FileTooLarge(f"表格过大：{height} 行 {width} 列 The sheet is too large")
