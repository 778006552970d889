"""xlsx into grids: guards first (zip bombs, size), values by a fast reader, colours by a second look at the XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from libs.common.sheets.cell_fills import SheetParts
from libs.common.sheets.errors import NotAWorkbook, ZipBomb
from libs.common.sheets.formulas import fill_formulas
from libs.common.sheets.grid import Grid
from libs.common.sheets.model import CellValue
from libs.common.sheets.sheet_xml import SheetScan

MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 10 * 1024 * 1024
MAX_ENTRIES = 2000
_OLE = b"\xd0\xcf\x11\xe0"


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
        raise ZipBomb(
            f"解压后 {unpacked} 字节，上限为 {MAX_UNPACKED} 字节 Unpacked it has {unpacked} bytes, at most {MAX_UNPACKED} may be"
        )
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise ZipBomb(f"压缩比超过 {MAX_RATIO} 倍 Packed more than {MAX_RATIO} to one")
    if archive.testzip() is not None:
        raise NotAWorkbook("压缩包已损坏 The archive is damaged")


def _read_sheets(content: bytes, archive: zipfile.ZipFile) -> Iterator[Grid]:
    """Every sheet is measured before the first is laid out: a reader lays out a full rectangle."""
    parts = SheetParts.of(archive)
    scans = {name: parts.scan(name) for name in parts.paths}
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
            yield _read_sheet(book, scans.get(sheet.name), sheet.name)


def _read_sheet(book: CalamineWorkbook, scan: SheetScan | None, name: str) -> Grid:
    if scan is None:
        raise NotAWorkbook("工作簿的目录不一致 The workbook names a sheet that it does not list")
    values = book.get_sheet_by_name(name)
    merges = tuple(((a[0], a[1]), (b[0], b[1])) for a, b in values.merged_cell_ranges or ())
    cells: list[list[CellValue]] = [list(line) for line in values.to_python(skip_empty_area=False)]  # type: ignore[arg-type]
    fill_formulas(cells, scan.formulas)
    return Grid(name, cells, merges, frozenset(scan.yellow))
