"""xlsx into grids: guards first (zip bombs, size), values by a fast reader, colours by a second look at the XML."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from libs.common.sheets.cell_fills import yellow_styles
from libs.common.sheets.errors import NotAWorkbook, ZipBomb
from libs.common.sheets.formats import old_workbook, refuse_other_archive
from libs.common.sheets.formulas import fill_formulas
from libs.common.sheets.grid import Grid
from libs.common.sheets.model import CellValue
from libs.common.sheets.sheet_xml import Budget, SharedTexts, SheetScan, measure_shared
from libs.common.sheets.workbook_parts import cut_to, sheet_members, usually_named

MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 10 * 1024 * 1024
MAX_ENTRIES = 2000
_OLE = b"\xd0\xcf\x11\xe0"


def is_workbook(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_workbook(content: bytes) -> list[Grid]:
    """The sheets of a workbook, hidden ones too. Raises NotAWorkbook, FileTooLarge, ZipBomb."""
    if content.startswith(_OLE):
        raise old_workbook()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard_archive(archive, len(content))
            refuse_other_archive(archive)
            content = usually_named(content, archive)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
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
    members = sheet_members(archive)
    scans = _scan(archive, members)
    far = {members[name][0]: (scan.height, scan.width) for name, scan in scans.items() if scan.reaches_too_far}
    book = CalamineWorkbook.from_filelike(io.BytesIO(cut_to(archive, far) if far else content))
    for sheet in book.sheets_metadata:
        if sheet.typ is SheetTypeEnum.WorkSheet:
            yield _read_sheet(book, scans.get(sheet.name), sheet.name, sheet.visible is not SheetVisibleEnum.Visible)


def _scan(archive: zipfile.ZipFile, members: Mapping[str, tuple[str, bool]]) -> dict[str, SheetScan]:
    """One pass over each sheet's XML. Raises FileTooLarge, NotAWorkbook."""
    budget, styles = Budget(), yellow_styles(archive)
    shared, scans = _shared(archive, budget), {}
    for name, (member, _) in members.items():
        scans[name] = SheetScan(styles, shared, budget)
        if member:
            with archive.open(member) as part:
                scans[name].read(part)
    return scans


def _shared(archive: zipfile.ZipFile, budget: Budget) -> SharedTexts:
    """The shared strings, where readers look for them."""
    for member in archive.namelist():
        if member.lower() == "xl/sharedstrings.xml":
            with archive.open(member) as part:
                return measure_shared(part, budget)
    return SharedTexts()


def _read_sheet(book: CalamineWorkbook, scan: SheetScan | None, name: str, hidden: bool) -> Grid:
    if scan is None:
        raise NotAWorkbook("工作簿的目录不一致 The workbook names a sheet that it does not list")
    values = book.get_sheet_by_name(name)
    merges = tuple(((a[0], a[1]), (b[0], b[1])) for a, b in values.merged_cell_ranges or ())
    cells: list[list[CellValue]] = [list(line) for line in values.to_python(skip_empty_area=False)]  # type: ignore[arg-type]
    unknown = fill_formulas(cells, scan.formulas)
    faults = dict.fromkeys(unknown, "formula_uncalculated") | dict.fromkeys(scan.errors, "cell_error")
    columns = frozenset(n for first, last in scan.hidden_columns for n in range(first - 1, min(last, scan.width)))
    return Grid(
        name,
        cells,
        merges,
        frozenset(scan.yellow),
        hidden=hidden,
        hidden_rows=frozenset(scan.hidden_rows),
        hidden_columns=columns,
        faults=faults,
    )
