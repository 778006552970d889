"""CSV into a grid: whichever encoding the office saved it in, records split by a CSV reader and never at odd characters."""

from __future__ import annotations

import codecs
import csv
import io

from libs.common.sheets.errors import FileTooLarge, NotATable
from libs.common.sheets.grid import Grid
from libs.common.sheets.sheet_xml import MARGIN, MAX_CELLS, MAX_COLUMNS, MAX_ROWS

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_csv(content: bytes, name: str) -> Grid:
    """One grid; a row is a record. Raises NotATable, FileTooLarge."""
    text = decode(content)
    # StringIO without newline translation yields at \n, \r and \r\n alone: a vertical tab stays inside its cell.
    records = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    cells: list[list[object]] = []
    left = MAX_CELLS
    try:
        for record in records:
            cells.append(record)  # type: ignore[arg-type]
            left -= len(record)
            _guard(len(cells), len(record), left)
    except csv.Error as error:
        raise NotATable("不是 CSV 表格 Not a CSV table") from error
    return Grid(name, cells)  # type: ignore[arg-type]


def decode(content: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16, GB18030. Raises NotATable."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode(content, (encoding,))
    return _decode(content, _guesses(content))


def _guesses(content: bytes) -> tuple[str, ...]:
    """Digits and commas are half NUL in UTF-16; a stray NUL in a name is no sign of it."""
    sample = content[:65536]
    if sample.count(0) * 10 <= len(sample):
        return ("utf-8", "gb18030")
    low_first = sample[1::2].count(0) >= sample[0::2].count(0)
    return ("utf-16-le", "utf-16-be") if low_first else ("utf-16-be", "utf-16-le")


def _decode(content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable("文字编码无法识别：请存为 UTF-8 或 GB18030 Unknown text encoding: save as UTF-8 or GB18030")


def _delimiter(text: str) -> str:
    """The mark that divides the beginning of the file most often; a spreadsheet's "Unicode text" uses tabs."""
    head = text[:20000]
    return max(",\t;|", key=lambda mark: (head.count(mark), mark == ","))


def _guard(rows: int, columns: int, left: int) -> None:
    if rows > MAX_ROWS + MARGIN:
        raise FileTooLarge(f"超过 {MAX_ROWS} 行 More than {MAX_ROWS} rows")
    if columns > MAX_COLUMNS:
        raise NotATable(f"超过 {MAX_COLUMNS} 列 More than {MAX_COLUMNS} columns")
    if left < 0:
        raise FileTooLarge(f"超过 {MAX_CELLS} 格 More than {MAX_CELLS} cells")
