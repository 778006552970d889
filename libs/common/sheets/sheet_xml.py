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


@dataclass(frozen=True)
class SharedTexts:
    """The length of each shared string, and which of them hold nothing but blanks."""

    lengths: list[int] = field(default_factory=list)
    blank: frozenset[int] = frozenset()

    def length(self, number: int) -> int:
        return self.lengths[number] if number < len(self.lengths) else 0


def measure_shared(part: IO[bytes], budget: Budget) -> SharedTexts:
    lengths: list[int] = []
    said: set[int] = set()

    def start(name: str, _: object) -> None:
        if local(name) == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)
            if not data.isspace():
                said.add(len(lengths) - 1)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    stream(part, parser)
    if sum(lengths) > budget.text:
        budget.take_text(sum(lengths))
    return SharedTexts(lengths, frozenset(range(len(lengths))) - said)


def local(name: str) -> str:
    return name.rpartition(":")[2]


def local_name(tag: str) -> str:
    """Of an element's name as ElementTree has it."""
    return tag.rpartition("}")[2]


@dataclass
class SheetScan:
    """One pass over a worksheet: its extent, and what fast readers do not hand over.

    `height` and `width` are up to the last cell that says something, `far` up to the last that holds a blank.
    `formulas` are those that nobody has calculated, `errors` the cells that show #N/A and its like.
    """

    styles: frozenset[int]
    shared: SharedTexts
    budget: Budget
    height: int = 0
    width: int = 0
    far: Position = (0, 0)
    yellow: set[Position] = field(default_factory=set)
    formulas: dict[Position, str] = field(default_factory=dict)
    errors: set[Position] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _type: str = ""
    _reading: str = ""
    _holds: bool = False
    _has_formula: bool = False
    _has_value: bool = False
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
        height, width = (self.height, self.width) if self.reaches_too_far else self.far
        self.budget.cells -= height * width
        if self.budget.cells < 0:
            raise _too_large(height, width)

    @property
    def reaches_too_far(self) -> bool:
        """Whether a blank stands where no sheet has data, so that laying out up to it would cost more than the data."""
        height, width = self.far
        return (
            height > MAX_ROWS + MARGIN or width > MAX_COLUMNS or height * width > 4 * self.height * self.width + 100_000
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = self._known.get(name) or self._known.setdefault(name, local(name))
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            number = attributes.get("r")
            self._row, self._column = (_number(number) if number else self._row + 1), 0
            if "hidden" in attributes or "ht" in attributes:
                self._note_row(attributes)
        elif name in _HOLDING:
            self._reading, self._holds = name, True
            self._has_formula |= name == "f"
            self._has_value |= name == "v"
        elif name == "col" and _is_hidden(attributes, "width"):
            self.hidden_columns.append((_number(attributes.get("min", "1")), _number(attributes.get("max", "1"))))

    def _note_row(self, attributes: Mapping[str, str]) -> None:
        if _is_hidden(attributes, "ht") and len(self.hidden_rows) <= MAX_ROWS:
            self.hidden_rows.add(self._row - 1)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self._row, self._column = read_reference(reference)
        else:
            self._column += 1
        self._type = attributes.get("t", "")
        self._formula = self._value = ""
        self._holds = self._has_formula = self._has_value = False
        style = attributes.get("s")
        if style and self.styles and _number(style) in self.styles:
            self.yellow.add((self._row - 1, self._column - 1))

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
        elif name == "c" and self._holds:
            self._end_cell()

    def _end_cell(self) -> None:
        """A cell that holds something; styled empty ones are not laid out."""
        place = self._row - 1, self._column - 1
        blank = not self._value.strip()
        if self._type == "s" and self._value.isascii() and self._value.isdigit() and len(self._value) < 9:
            number = int(self._value)
            self.budget.take_text(self.shared.length(number))
            blank = number in self.shared.blank
        if self._has_formula and not self._value and not (self._type == "str" and self._has_value):
            self.formulas[place], blank = self._formula, False
        elif self._type == "e":
            self.errors.add(place)
        height, width = self.far
        if self._row > height or self._column > width:
            self.far = max(height, self._row), max(width, self._column)
        if not blank and (self._row > self.height or self._column > self.width):
            self._grow()

    def _grow(self) -> None:
        self.height, self.width = max(self.height, self._row), max(self.width, self._column)
        if self.height > MAX_ROWS + MARGIN:
            raise FileTooLarge(
                f"超过 {MAX_ROWS} 行（单元格 {self._cell}），请分成几份，或存为 CSV，只含一张表 "
                f"More than {MAX_ROWS} rows (cell {self._cell}): split the file, or save it as CSV with one table"
            )
        if self.width > MAX_COLUMNS or self.height * self.width > self.budget.cells:
            raise _too_large(self.height, self.width, self._cell)

    @property
    def _cell(self) -> str:
        return f"{column_letters(self._column - 1)}{self._row}"


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Hidden by name, or with nothing left of its width or height."""
    return attributes.get("hidden", "0") not in ("0", "false") or attributes.get(size, "1").rstrip("0") in ("", "0.")


def _too_large(height: int, width: int, cell: str = "") -> FileTooLarge:
    at = cell or f"{column_letters(max(width, 1) - 1)}{height}"
    return FileTooLarge(
        f"表格过大：{height} 行 {width} 列，到单元格「{at}」 The sheet is too large: {height} rows, {width} columns, up to cell {at}"
    )


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


def column_letters(column: int) -> str:
    """Column 0 is A, 26 is AA."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
