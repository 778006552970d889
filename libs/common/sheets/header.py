"""Finding the header row (表头): by aliases, over one or two rows, wherever the sheet begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from libs.common.sheets.errors import MissingColumns, NoHeaderRow
from libs.common.sheets.grid import Grid
from libs.common.sheets.model import Layout
from libs.common.sheets.text import word

SEARCH_ROWS = 60
_BRACKETS = re.compile(r"[(\[【〔{].*?[)\]】〕}]")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)．]")
# What two-row headers call the group over a column: 户主信息 over 姓名 is 户主姓名.
_GROUP_WORDS = re.compile("(?:基本)?(?:信息|情况|资料|状况)$")


@dataclass(frozen=True)
class Header:
    """Which rows (from 0) are the header, which column of the sheet holds which canonical column, and what they print."""

    top: int
    bottom: int
    columns: Mapping[str, int]
    words: tuple[Mapping[int, str], ...] = ()


def header_key(value: object) -> str:
    """How a header is compared: no line breaks, spaces, stars, colons or numbering; simplified characters; lower case."""
    text = word(value if isinstance(value, str) else None).lower()
    return _NUMBERING.sub("", re.sub(r"[*:★☆“”\"'_]", "", text))


def alias_table(layout: Layout) -> dict[str, str]:
    """Every accepted header, in comparable form, to its canonical column; exact names win over shortened ones."""
    names = {name: name for name in (*layout.required, *layout.optional)} | dict(layout.aliases)
    table = {header_key(name): column for name, column in names.items()}
    shortened: dict[str, set[str]] = {}
    for name, column in names.items():
        shortened.setdefault(_BRACKETS.sub("", header_key(name)), set()).add(column)
    for key, columns in shortened.items():
        if key and len(columns) == 1:
            table.setdefault(key, next(iter(columns)))
    return table


def find_header(grids: list[Grid], layout: Layout) -> tuple[Grid, Header]:
    """The sheet and row that know most of the layout's columns. Raises NoHeaderRow, MissingColumns."""
    table = alias_table(layout)
    candidates = [(grid, header) for grid in grids for header in _candidates(grid, table)]
    if not candidates:
        raise NoHeaderRow(f"没有找到“{layout.name}”的表头 No header row of a sheet “{layout.name}” was found")
    grid, header = max(candidates, key=lambda found: _score(found[1], layout))
    missing = [name for name in layout.required if name not in header.columns]
    if missing:
        words = "、".join(missing)
        raise MissingColumns(f"缺少列「{words}」 Missing columns: {words}", names=missing)
    return grid, replace(header, words=tuple(grid.filled(row) for row in range(header.top, header.bottom + 1)))


def _score(header: Header, layout: Layout) -> tuple[int, int, int]:
    known = sum(1 for name in layout.required if name in header.columns)
    return known, len(header.columns), header.top - header.bottom


def _candidates(grid: Grid, table: Mapping[str, str]) -> list[Header]:
    """Rows that know at least three columns, alone and together with the row below."""
    found = []
    for row in range(min(grid.height, SEARCH_ROWS)):
        for bottom in (row, row + 1):
            columns = _match(grid, row, bottom, table) if bottom < grid.height else {}
            if len(columns) >= 3:
                found.append(Header(row, bottom, columns))
    return found


def _match(grid: Grid, top: int, bottom: int, table: Mapping[str, str]) -> dict[str, int]:
    """Canonical column -> column of the sheet; the leftmost wins."""
    columns: dict[str, int] = {}
    group = ""
    for column in range(max(len(grid.cells[top]), len(grid.cells[bottom]))):
        upper, lower = header_key(grid.value(top, column)), header_key(grid.value(bottom, column))
        # Without merged cells (a CSV) a group's name stands over its first column only.
        group = upper or (group if lower and top != bottom else "")
        name = _name(group if top != bottom else "", upper, lower, table) or _name_above_hint(
            grid.value(bottom, column), table
        )
        if name and name not in columns:
            columns[name] = column
    return columns


def _name_above_hint(value: object, table: Mapping[str, str]) -> str | None:
    """A header whose second line says how to fill it in: 出生日期, below it 格式：19850301."""
    first, broken, _ = str(value or "").partition("\n")
    return table.get(header_key(first)) if broken else None


def _name(group: str, upper: str, lower: str, table: Mapping[str, str]) -> str | None:
    stem = _GROUP_WORDS.sub("", group)
    for candidate in (group + lower, stem + lower, lower, upper if not lower else ""):
        for key in (candidate, _BRACKETS.sub("", candidate)):
            if key and key in table:
                return table[key]
    return None
