"""A table on its way between processes: lines of JSON, so that the one who reads it runs nothing that the other has made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from libs.common.sheets.errors import FileTooLarge, WrongFile, kinds_of_wrong
from libs.common.sheets.gathered import gather
from libs.common.sheets.limits import MAX_CELL_TEXT
from libs.common.sheets.model import CellValue, Finding, Note, Part, Row, Table

_END = b'"end"'


class Garbled(ValueError):
    """What came is no table: the child has died, or is not itself."""


def answer_lines(table: Table) -> Iterator[bytes]:
    """Shape first, then one line for each row, then the end. Raises FileTooLarge for a cell that no workbook could hold."""
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
        values = [_value(row.values.get(column), row.number) for column in table.columns]
        marked = [number for number, column in enumerate(table.columns) if column in row.marked]
        yield _line([row.number, values, marked, [[fault.code, fault.column] for fault in row.faults]])
    yield _END + b"\n"


def refusal_lines(wrong: WrongFile) -> Iterator[bytes]:
    yield _line({"wrong": wrong.code, "detail": wrong.detail, "names": wrong.names})
    yield _END + b"\n"


def read_lines(lines: Iterable[bytes]) -> Table:
    """The table; raises the WrongFile that the child found, or Garbled."""
    found = iter(lines)
    try:
        head = json.loads(next(found))
        if "wrong" in head:
            raise _wrong(head)
        columns = tuple(str(column) for column in head["columns"])
        rows = gather(_rows(found, columns), partial(_pack, columns), partial(_unpack, columns))
        ignored = {int(row): str(why) for row, why in head["ignored"]}
        return Table(int(head["header_row"]), columns, rows, ignored, _notes(head["notes"]), _parts(head["parts"]))
    except (KeyError, IndexError, TypeError, AttributeError, StopIteration, ValueError, RecursionError) as error:
        raise Garbled from error


def _rows(lines: Iterator[bytes], columns: tuple[str, ...]) -> Iterator[Row]:
    for line in lines:
        if line == _END:
            return
        said = json.loads(line)
        if isinstance(said, dict):
            raise _wrong(said)
        number, values, marked, faults = said
        cells = {column: _cell(value) for column, value in zip(columns, values, strict=True)}
        told = tuple(Finding(str(code), str(column)) for code, column in faults)
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


def _value(value: Any, row: int) -> Any:
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


def _cell(value: Any) -> CellValue:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["day"])
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise Garbled
