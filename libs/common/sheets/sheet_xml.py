"""The XML of a workbook as a stream (逐步解析): measured before anything is laid out, and what fast readers leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import IO
from xml.parsers import expat

from libs.common.sheets.errors import FileTooLarge, NotAWorkbook

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELLS = 12_000_000
# Characters of all cells together, shared ones counted wherever they are used.
MAX_TEXT = 100_000_000
# Room for titles, notes, totals and signatures around the data.
MARGIN = 100
_PART = 1 << 18
# The elements by which a cell holds something: value, formula, text, inline string.
_HOLDING = frozenset({"v", "f", "t", "is"})
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")

Position = tuple[int, int]


@dataclass
class Budget:
    """What all sheets of one workbook may hold together."""

    cells: int = MAX_CELLS
    text: int = MAX_TEXT

    def take_text(self, length: int) -> None:
        self.text -= length
        if self.text < 0:
            raise FileTooLarge(f"文字超过 {MAX_TEXT} 个字符 More than {MAX_TEXT} characters of text")


def stream(part: IO[bytes], parser: expat.XMLParserType) -> None:
    """Parse one part of the archive piece by piece; a document type, and with it every entity of its own, is refused."""
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while piece := part.read(_PART):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotAWorkbook("工作簿的 XML 不完整 The workbook's XML is not well-formed") from error


def _refuse_doctype(*_: object) -> None:
    raise NotAWorkbook("工作簿的 XML 带有 DOCTYPE The workbook's XML declares a document type")


def check_xml(part: IO[bytes]) -> None:
    """That it is XML without a document type."""
    stream(part, expat.ParserCreate())


def shared_lengths(part: IO[bytes], budget: Budget) -> list[int]:
    """The length of each shared string."""
    lengths: list[int] = []

    def start(name: str, _: object) -> None:
        if local(name) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    stream(part, parser)
    if sum(lengths) > budget.text:
        budget.take_text(sum(lengths))
    return lengths


def local(name: str) -> str:
    return name.rpartition(":")[2]


@dataclass
class SheetScan:
    """One pass over a worksheet: its extent, its yellow cells, its formulas that nobody has calculated."""

    styles: frozenset[int]
    shared: list[int]
    budget: Budget
    height: int = 0
    width: int = 0
    yellow: set[Position] = field(default_factory=set)
    formulas: dict[Position, str] = field(default_factory=dict)
    _row: int = 0
    _column: int = 0
    _is_shared: bool = False
    _reading: str = ""
    _formula: str = ""
    _value: str = ""
    _known: dict[str, str] = field(default_factory=dict)

    def read(self, part: IO[bytes]) -> None:
        """Raises FileTooLarge as soon as the sheet goes beyond what may be laid out: a full rectangle."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = (
            self._start,
            self._end,
            self._text,
        )
        stream(part, parser)
        self.budget.cells -= self.height * self.width
        if self.budget.cells < 0:
            raise _too_wide(self.height, self.width)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = self._known.get(name) or self._known.setdefault(name, local(name))
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            number = attributes.get("r")
            self._row, self._column = (_number(number) if number else self._row + 1), 0
        elif name in _HOLDING:
            self._reading = name
            if self._row > self.height or self._column > self.width:
                self._grow()

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self._row, self._column = read_reference(reference)
        else:
            self._column += 1
        self._is_shared = attributes.get("t") == "s"
        self._formula = self._value = ""
        style = attributes.get("s")
        if style and self.styles and _number(style) in self.styles:
            self.yellow.add((self._row - 1, self._column - 1))

    def _grow(self) -> None:
        """A cell that holds something; styled empty ones are not laid out."""
        self.height, self.width = max(self.height, self._row), max(self.width, self._column)
        if self.height > MAX_ROWS + MARGIN:
            raise FileTooLarge(f"超过 {MAX_ROWS} 行 More than {MAX_ROWS} rows")
        if self.width > MAX_COLUMNS or self.height * self.width > self.budget.cells:
            raise _too_wide(self.height, self.width)

    def _text(self, data: str) -> None:
        if self._reading == "f":
            self._formula += data
        elif self._reading:
            self._value += data
            self.budget.take_text(len(data))

    def _end(self, name: str) -> None:
        name = self._known.get(name, name)
        if name in _HOLDING:
            self._reading = ""
        elif name == "c" and (self._formula or self._is_shared):
            self._end_cell()

    def _end_cell(self) -> None:
        if self._formula and not self._value:
            self.formulas[self._row - 1, self._column - 1] = self._formula
        elif self._is_shared and self._value.isascii() and self._value.isdigit() and len(self._value) < 9:
            number = int(self._value)
            self.budget.take_text(self.shared[number] if number < len(self.shared) else 0)


def _too_wide(height: int, width: int) -> FileTooLarge:
    return FileTooLarge(f"表格过大：{height} 行 {width} 列 The sheet is too large: {height} rows, {width} columns")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotAWorkbook("单元格编号无效 A row number or style is no number")
    return int(text)


def read_reference(reference: str) -> Position:
    """B7 is row 7, column 2."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise NotAWorkbook(f"单元格编号「{reference[:20]}」无效 No reference of a cell: {reference[:20]}")
    return int(found[2]), column_number(found[1])


@cache
def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
