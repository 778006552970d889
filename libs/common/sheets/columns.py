"""Columns of a list as a sheet (列): which member of a row stands under which heading, and in which words a code is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from libs.common.codes.divisions import divisions
from libs.common.sheets.model import CellValue

# Sheets know no zones: a moment stands in them as the offices' clocks show it.
_HERE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Column:
    """One member of a row. `words` are the names of its codes; a `place` is a division or node, and `yuan` is kept in fen."""

    name: str
    heading: str
    words: Mapping[str, str] = field(default_factory=dict)
    kind: Literal["plain", "place", "yuan"] = "plain"

    def cell(self, row: object) -> CellValue:
        """What stands in the cell: numbers and days as such, all else as text that nobody takes for a formula."""
        value = getattr(row, self.name)
        if isinstance(value, datetime):
            return value.astimezone(_HERE).replace(tzinfo=None)
        if value is None or isinstance(value, date):
            return value
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, int | float):
            return value / 100 if self.kind == "yuan" else value
        return self._text(value)

    def _text(self, value: Any) -> str:
        if isinstance(value, dict):
            return "、".join(f"{self._text(name)} {inner}" for name, inner in value.items())
        if isinstance(value, list | tuple):
            return "、".join(self._text(getattr(each, "code", each)) for each in value)
        said = str(getattr(value, "zh", value))
        division = divisions().get(said.removeprefix("n")) if self.kind == "place" else None
        return division.name if division else self.words.get(said, said)


@dataclass(frozen=True)
class ListSheet:
    """A list as a sheet: its name in the trail, its title, its columns, and the version of the rule that its rows rest on.

    `conditions` are the names of codes that a list is narrowed by and no column shows.
    """

    what: str
    title: str
    columns: tuple[Column, ...]
    rule: str = ""
    conditions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
