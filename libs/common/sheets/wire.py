"""A table on its way between processes: lines of JSON, so that the one who reads it runs nothing that the other has made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from libs.common.sheets.errors import EmptyTable, FileTooLarge, WrongFile, kinds_of_wrong
from libs.common.sheets.gathered import gather
from libs.common.sheets.limits import MAX_CELL_TEXT
from libs.common.sheets.model import CellValue, Finding, Note, Part, Row, Table

_END = b'"end"'
_AGAIN = (b'{"again":true}\n',)
# What JSON says as it is: most rows hold nothing else.
_PLAIN = frozenset({str, bool, int, float, type(None)})


class Garbled(ValueError):
    """What came is no table: the child has died, or is not itself."""


def answer_lines(tables: Iterable[Table | None]) -> Iterator[bytes]:
    """Of each piece its shape, then one line for each row; at last the end. None: what was said is to be forgotten.

    Raises FileTooLarge for a cell that no workbook could hold.
    """
    for table in tables:
        yield from _AGAIN if table is None else _piece_lines(table)
    yield _END + b"\n"


def _piece_lines(table: Table) -> Iterator[bytes]:
    yield _line(
        {
            "header_row": table.header_row,
            "columns": table.columns,
            "ignored": list(table.ignored.items()),
            "notes": [[note.code, note.sheet, note.where, note.names] for note in table.notes],
            "parts": [[part.sheet, part.header_row, part.offset, part.rows] for part in table.parts],
        }
    )
    for row in table.rows:
        values = [write_cell(row.values.get(column), row.number) for column in table.columns]
        marked = [number for number, column in enumerate(table.columns) if column in row.marked]
        yield _line([row.number, values, marked, [[fault.code, fault.column] for fault in row.faults]])


def refusal_lines(wrong: WrongFile) -> Iterator[bytes]:
    yield _line({"wrong": wrong.code, "detail": wrong.detail, "names": wrong.names})
    yield _END + b"\n"


def read_lines(lines: Iterable[bytes], seen: Callable[[], None] = lambda: None) -> Table:
    """The table; raises the WrongFile that the child found, or Garbled."""
    found = iter(lines)
    while True:
        try:
            return _read_pieces(found, seen)
        except _SaidAnewError:
            continue
        except (KeyError, IndexError, TypeError, AttributeError, StopIteration, ValueError, RecursionError) as error:
            raise Garbled from error


class _SaidAnewError(Exception):
    """The child has found that the file is to be read in another way."""


class _Shape:
    """What the pieces say of the whole."""

    def __init__(self, head: Any) -> None:
        self.header_row = int(head["header_row"])
        self.columns = tuple(str(column) for column in head["columns"])
        self.ignored: dict[int, str] = {}
        self._notes: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
        self._parts: dict[tuple[str, int], Part] = {}
        self.add(head)

    def add(self, head: Any) -> None:
        if self.columns != tuple(head["columns"]):
            raise Garbled("pieces of one table have the same columns")
        self.ignored |= {int(row): str(why) for row, why in head["ignored"]}
        for note in _notes(head["notes"]):
            places = self._notes.setdefault((note.code, note.sheet, note.names), [])
            if note.where not in places:
                places.append(note.where)
        for part in _parts(head["parts"]):
            before = self._parts.get((part.sheet, part.offset))
            self._parts[part.sheet, part.offset] = replace(part, rows=part.rows + before.rows) if before else part

    def table(self, rows: Sequence[Row]) -> Table:
        notes = tuple(
            Note(code, sheet, ", ".join(places), names) for (code, sheet, names), places in self._notes.items()
        )
        return Table(self.header_row, self.columns, rows, self.ignored, notes, tuple(self._parts.values()))


def _read_pieces(found: Iterator[bytes], seen: Callable[[], None]) -> Table:
    shape = _Shape(_head(next(found)))
    rows = gather(_rows(found, shape, seen), partial(_pack, shape.columns), partial(_unpack, shape.columns))
    if not rows:
        raise EmptyTable("表头下面没有数据 There is no data below the header")
    return shape.table(rows)


def _head(line: bytes) -> Any:
    said = json.loads(line)
    if "wrong" in said:
        raise _wrong(said)
    if "again" in said:
        raise _SaidAnewError()
    return said


def _rows(lines: Iterator[bytes], shape: _Shape, seen: Callable[[], None]) -> Iterator[Row]:
    columns = shape.columns
    for line in lines:
        if line == _END:
            return
        if line.startswith(b"{"):
            shape.add(_head(line))
            continue
        number, values, marked, faults = json.loads(line)
        if not _PLAIN.issuperset(map(type, values)):
            values = map(read_cell, values)
        cells = dict(zip(columns, values, strict=True))
        told = tuple(Finding(str(code), str(column)) for code, column in faults)
        seen()
        yield Row(int(number), cells, frozenset(columns[place] for place in marked), told)
    raise Garbled


def _pack(columns: tuple[str, ...], row: Row) -> tuple[object, ...]:
    return row.number, [row.values[column] for column in columns], row.marked, row.faults


def _unpack(columns: tuple[str, ...], packed: tuple[Any, ...]) -> Row:
    number, values, marked, faults = packed
    return Row(number, dict(zip(columns, values, strict=True)), marked, faults)


def _notes(said: Any) -> tuple[Note, ...]:
    return tuple(Note(str(code), str(sheet), str(at), tuple(map(str, names))) for code, sheet, at, names in said)


def _parts(said: Any) -> tuple[Part, ...]:
    return tuple(Part(str(sheet), int(row), int(offset), int(rows)) for sheet, row, offset, rows in said)


def _wrong(said: dict[str, Any]) -> WrongFile:
    return kinds_of_wrong()[said["wrong"]](str(said["detail"]), names=[str(name) for name in said["names"]])


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def write_cell(value: Any, row: int) -> Any:
    """A cell as JSON; raises FileTooLarge for one that no workbook could hold."""
    if isinstance(value, str):
        if len(value) > MAX_CELL_TEXT:
            raise FileTooLarge(
                f"第 {row} 行有一格超过 {MAX_CELL_TEXT} 个字符 A cell of row {row} has more than {MAX_CELL_TEXT} characters"
            )
        return value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else str(value)


def read_cell(value: Any) -> CellValue:
    """What `write_cell` wrote."""
    if isinstance(value, dict):
        return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["day"])
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise Garbled
