"""Rows that came back as a grid (退回的行): who each is, the cells in which something was found to be filled in again, and what of it is other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from libs.common.sheets.model import NEXT_SHEET
from services.console.rules.forms import Refused

# By these a clerk knows a row among others, where the form has them.
_NAMED = ("村", "姓名", "企业名称", "岗位名称")

Values = Mapping[str, str]
Typed = Mapping[int, Values]


@dataclass(frozen=True)
class Cell:
    """`shown` is masked where `hidden`; `found` are codes of findings and whether each keeps the row out, `told` a refusal of what was typed."""

    column: str
    shown: str = ""
    hidden: bool = False
    found: tuple[tuple[str, bool], ...] = ()
    options: tuple[str, ...] = ()
    open: bool = False
    typed: str = ""
    told: str = ""

    @property
    def bad(self) -> bool:
        return bool(self.told) or any(refuses for _, refuses in self.found)


@dataclass(frozen=True)
class GridRow:
    """`number` is that of the report, `place` the row of its sheet; `found` is what is wrong with the row as a whole."""

    number: int
    place: int
    sheet: str
    cells: Sequence[Cell]
    found: tuple[tuple[str, bool], ...] = ()
    told: str = ""


@dataclass(frozen=True)
class Grid:
    """The rows of a page under the columns that have anything to say; `next` is the cursor of the following page."""

    columns: Sequence[str] = ()
    rows: Sequence[GridRow] = ()
    next: str = ""


@dataclass(frozen=True)
class Said:
    """What was typed by row and column, and what was refused of it."""

    typed: Typed = field(default_factory=dict)
    told: Mapping[tuple[int, str], str] = field(default_factory=dict)


def grid_of(data: Mapping[str, Any], said: Said, *, whole: bool = False) -> Grid:
    """A page of rows; `whole` opens every column, else those in which something was found in any row."""
    known = [each["column"] for each in data["columns"]]
    found = {each["column"] for row in data["items"] for each in row["findings"]}
    columns = [column for column in known if whole or column in found or column in _NAMED]
    options = {each["column"]: () if each["several"] else tuple(each["options"]) for each in data["columns"]}
    rows = [_row(row, columns, options, said, whole) for row in data["items"]]
    return Grid(columns, rows, data.get("next") or "")


def _row(
    row: Mapping[str, Any], columns: Sequence[str], options: Mapping[str, tuple[str, ...]], said: Said, whole: bool
) -> GridRow:
    number, found = row["row"], dict[str, list[tuple[str, bool]]]()
    for each in row["findings"]:
        found.setdefault(each["column"], []).append((each["code"], each["refuses"]))
    cells = [_cell(row, column, found.get(column, ()), options[column], said, whole) for column in columns]
    beside = tuple(code for column, codes in found.items() if column not in columns for code in codes)
    return GridRow(number, number % NEXT_SHEET, row["sheet"], cells, beside, said.told.get((number, ""), ""))


def _cell(
    row: Mapping[str, Any],
    column: str,
    found: Sequence[tuple[str, bool]],
    options: tuple[str, ...],
    said: Said,
    whole: bool,
) -> Cell:
    number, shown, hidden = row["row"], row["values"].get(column) or "", column in row["hidden"]
    typed = said.typed.get(number, {}).get(column, "" if hidden else shown)
    told = said.told.get((number, column), "")
    return Cell(column, shown, hidden, tuple(found), options, whole or bool(found) or bool(told), typed, told)


def typed_of(posted: Iterable[tuple[str, str]]) -> dict[int, dict[str, str]]:
    """Fields named `38.证件号码`: what was typed, by row and column."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in posted:
        row, _, column = name.partition(".")
        if row.isdecimal() and column:
            typed.setdefault(int(row), {})[column] = text.strip()
    return typed


def rows_given(typed: Typed, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is other than it was shown, as the service takes it; what is masked and left blank stays."""
    shown = {row["row"]: row for row in data["items"]}
    given = []
    for number, cells in typed.items():
        row = shown.get(number, {"values": {}, "hidden": []})
        values = {column: text or None for column, text in cells.items() if _is_other(row, column, text)}
        if values:
            given.append({"row": number, "values": values})
    return given


def _is_other(row: Mapping[str, Any], column: str, text: str) -> bool:
    return bool(text) if column in row["hidden"] else text != (row["values"].get(column) or "")


def said_again(typed: Typed, given: Sequence[Mapping[str, Any]], errors: Iterable[Refused]) -> Said:
    """Each refusal at the cell, or the row, that its pointer names."""
    told: dict[tuple[int, str], str] = {}
    for error in errors:
        parts = error.pointer.split("/")
        if len(parts) > 2 and parts[1] == "rows" and parts[2].isdecimal() and int(parts[2]) < len(given):
            column = parts[4] if len(parts) > 4 else ""
            told[given[int(parts[2])]["row"], column] = error.message
    return Said(typed, told)
