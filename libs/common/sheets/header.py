"""Finding the header row (表头): by aliases, over one or two rows, wherever the sheet begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from libs.common.sheets.errors import MissingColumns, NoHeaderRow
from libs.common.sheets.grid import Grid
from libs.common.sheets.model import Layout
from libs.common.sheets.text import word

SEARCH_ROWS = 60
_LEAST_KNOWN = 3
_BRACKETS = re.compile(r"[(\[【〔{].*?[)\]】〕}]")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)．]")
# What two-row headers call the group over a column: 户主信息 over 姓名 is 户主姓名.
_GROUP_WORDS = re.compile("(?:基本)?(?:信息|情况|资料|状况)$")


@dataclass(frozen=True)
class Claim:
    """A column of the sheet whose header means a column of the form, and the words by which it does."""

    column: int
    key: str


@dataclass(frozen=True)
class Header:
    """Which rows (from 0) are the header, which columns of the sheet claim which canonical column, and what they print.

    `columns` are the claims that won; before the data has been looked at, the leftmost.
    """

    top: int
    bottom: int
    claims: Mapping[str, Sequence[Claim]]
    columns: Mapping[str, int]
    words: tuple[Mapping[int, str], ...] = ()

    def lacks(self, layout: Layout) -> tuple[str, ...]:
        """The required columns that nobody claims."""
        return tuple(name for name in layout.required if name not in self.claims)

    def printed(self, column: int) -> str:
        """What stands over a column."""
        return "".join(words[column] for words in self.words if column in words)

    @property
    def end(self) -> int:
        """The column behind the last that has a header."""
        return max((column for words in self.words for column in words), default=-1) + 1


def header_key(value: object) -> str:
    """How a header is compared: no line breaks, spaces, stars, colons or numbering; simplified characters; lower case."""
    text = word(value if isinstance(value, str) else None).lower()
    return _NUMBERING.sub("", re.sub(r"[*:★☆“”\"'_]", "", text))


def alias_table(layout: Layout) -> dict[str, str]:
    """Every accepted header, in comparable form, to its canonical column: exact names first, then aliases as the layout ranks them."""
    names = {name: name for name in (*layout.required, *layout.optional)} | dict(layout.aliases)
    table: dict[str, str] = {}
    for name, column in names.items():
        table.setdefault(header_key(name), column)
    shortened: dict[str, set[str]] = {}
    for name, column in names.items():
        shortened.setdefault(_BRACKETS.sub("", header_key(name)), set()).add(column)
    for key, columns in shortened.items():
        if key and len(columns) == 1:
            table.setdefault(key, next(iter(columns)))
    return table


def best_header(grid: Grid, layout: Layout, table: Mapping[str, str]) -> Header | None:
    """The rows that know most of the layout's columns; None where no row knows enough to be a header."""
    rows = range(min(grid.height, SEARCH_ROWS))
    found = [header for row in rows for header in headers_at(grid, row, table, _least(layout))]
    return max(found, key=lambda header: score(header, layout), default=None)


def _least(layout: Layout) -> int:
    """A form of two columns has no header of three."""
    return min(_LEAST_KNOWN, len(layout.required))


def no_header(layout: Layout) -> NoHeaderRow:
    return NoHeaderRow(f"没有找到“{layout.name}”的表头 No header row of a sheet “{layout.name}” was found")


def missing_columns(names: Sequence[str]) -> MissingColumns:
    words = "、".join(names)
    return MissingColumns(f"缺少列「{words}」 Missing columns: {words}", names=names)


def score(header: Header, layout: Layout) -> tuple[int, int, int]:
    known = sum(1 for name in layout.required if name in header.claims)
    return known, len(header.claims), header.top - header.bottom


def headers_at(grid: Grid, row: int, table: Mapping[str, str], least: int) -> list[Header]:
    """A row that knows columns of the form, alone and together with the row below."""
    found = []
    for bottom in (row, row + 1):
        claims = _match(grid, row, bottom, table) if bottom < grid.height else {}
        if len(claims) >= least:
            columns = {name: claimed[0].column for name, claimed in claims.items()}
            found.append(Header(row, bottom, claims, columns))
    return found


def with_words(grid: Grid, header: Header) -> Header:
    return replace(header, words=tuple(grid.filled(row) for row in range(header.top, header.bottom + 1)))


def _match(grid: Grid, top: int, bottom: int, table: Mapping[str, str]) -> dict[str, list[Claim]]:
    """Canonical column -> the columns of the sheet that claim it, from the left."""
    claims: dict[str, list[Claim]] = {}
    group = ""
    for column in range(max(len(grid.cells[top]), len(grid.cells[bottom]))):
        upper, lower = header_key(grid.value(top, column)), header_key(grid.value(bottom, column))
        # Without merged cells (a CSV) a group's name stands over its first column only.
        group = upper or (group if lower and top != bottom else "")
        key = _key(group if top != bottom else "", upper, lower, table) or _key_above_hint(
            grid.value(bottom, column), table
        )
        if key:
            claims.setdefault(table[key], []).append(Claim(column, key))
    return claims


def _key_above_hint(value: object, table: Mapping[str, str]) -> str | None:
    """A header whose second line says how to fill it in: 出生日期, below it 格式：19850301."""
    first, broken, _ = str(value or "").partition("\n")
    key = header_key(first)
    return key if broken and key in table else None


def _key(group: str, upper: str, lower: str, table: Mapping[str, str]) -> str | None:
    stem = _GROUP_WORDS.sub("", group)
    for candidate in (group + lower, stem + lower, lower, upper if not lower else ""):
        for key in (candidate, _BRACKETS.sub("", candidate)):
            if key and key in table:
                return key
    return None
