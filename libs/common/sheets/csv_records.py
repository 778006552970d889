"""Text into records (拆分记录): quotation marks are believed only where they make sense, so that one that was never closed costs its own row."""

from __future__ import annotations

import csv
import io
from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

from libs.common.sheets.limits import MAX_CELL_TEXT

UNCLOSED = "quote_unclosed"
_SAMPLE = 1000
# A cell of more lines is none that somebody wrote.
_MOST_LINES = 200
Record = tuple[list[str], str | None]


class Lines:
    """The lines of a text with their ends, one by one, with a look ahead; only line feeds and carriage returns end one."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._ahead: deque[str] = deque()

    def take(self) -> str | None:
        return self._ahead.popleft() if self._ahead else next(self._source, None)

    def peek(self, number: int) -> str | None:
        """The line so many after the next one."""
        while len(self._ahead) <= number:
            line = next(self._source, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[number]

    def drop(self, count: int) -> None:
        for _ in range(count):
            self._ahead.popleft()


def split_records(text: str, mark: str) -> Iterator[Record]:
    """Cell by cell, and `quote_unclosed` for a record whose quotation marks cannot be right."""
    # StringIO without newline translation yields at \n, \r and \r\n alone: a vertical tab stays inside its cell.
    return split_lines(Lines(io.StringIO(text, newline="")), mark, usual_width(text, mark))


def split_lines(lines: Lines, mark: str, width: int) -> Iterator[Record]:
    """The same of a text of which not all is in memory; most of its lines that make sense have so many cells."""
    while (line := lines.take()) is not None:
        if '"' not in line:
            yield _plainly(line, mark), None
        elif cells := _parsed([line], mark):
            yield cells, None
        elif gathered := _over_lines(line, lines, mark, width):
            lines.drop(gathered[0])
            yield gathered[1], None
        else:
            yield _as_far_as_possible(line, mark, width)


def usual_width(text: str, mark: str) -> int:
    """How many cells most lines have that make sense by themselves."""
    sample = islice(io.StringIO(text, newline=""), _SAMPLE)
    widths = Counter(_stands_alone(line, mark) for line in sample if line.strip())
    del widths[0]
    return widths.most_common(1)[0][0] if widths else 0


def _stands_alone(line: str, mark: str) -> int:
    """How many cells a line has by itself; 0 for one that needs the next."""
    return line.count(mark) + 1 if '"' not in line else len(_parsed([line], mark) or ())


def _plainly(line: str, mark: str) -> list[str]:
    return line.rstrip("\r\n").split(mark)


def _parsed(lines: list[str], mark: str, *, strict: bool = True) -> list[str] | None:
    """One record of these lines, None when they are not exactly one."""
    try:
        records = list(csv.reader(lines, delimiter=mark, strict=strict))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _over_lines(first: str, lines: Lines, mark: str, width: int) -> tuple[int, list[str]] | None:
    """A cell with line breaks in it: how many more lines it takes, and the record; None when the mark was never closed.

    A line that is a whole record by itself is none of a cell's lines: there the quotation mark had been forgotten.
    """
    gathered, length = [first], len(first)
    whole = len(_plainly(first, mark)) == width
    for number in range(_MOST_LINES):
        line = lines.peek(number)
        length += len(line or "")
        if line is None or length > 2 * MAX_CELL_TEXT:
            return None
        gathered.append(line)
        alone = width > 1 and width in (_stands_alone(line, mark), len(_plainly(line, mark)))
        cells = _parsed(gathered, mark) if '"' in line else None
        if cells:
            return None if alone and whole else (number + 1, cells)
        if alone:
            return None
    return None


def _as_far_as_possible(line: str, mark: str, width: int) -> Record:
    """A word in quotation marks within a cell ("盛世"电子) hurts nobody; else the marks stay in the cells, and the row is told."""
    lenient = _parsed([line], mark, strict=False)
    if lenient and len(lenient) == width and line.count('"') % 2 == 0:
        return lenient, None
    return _plainly(line, mark), UNCLOSED
