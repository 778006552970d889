"""Sheets that hold what other sheets hold (重复的工作表): a copy, or a summary of the others, is read once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar

from libs.common.sheets.model import Layout, Note, Row
from libs.common.sheets.text import tidy

_SUMMARY = re.compile("汇总|总表|合计|合并|全部|总名单|summary|total", re.IGNORECASE)


class SheetLike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Row]: ...


S = TypeVar("S", bound=SheetLike)
Said = tuple[tuple[str, str], ...]


def without_copies(sheets: list[S], layout: Layout) -> tuple[list[S], list[Note]]:
    """The sheets that say something of their own, and a note for each of the others."""
    if len(sheets) < 2:
        return sheets, []
    whole = [[_said(row) for row in sheet.rows] for sheet in sheets]
    said = [[_said(row, layout.serial) for row in sheet.rows] for sheet in sheets]
    kept: list[int] = []
    notes = []
    for number, sheet in enumerate(sheets):
        if any(whole[number] == whole[other] for other in kept) or _sums_up(number, sheets, said):
            notes.append(Note("sheet_copy", sheet.name))
        elif not sheet.rows:
            notes.append(Note("sheet_empty", sheet.name))
        else:
            kept.append(number)
    return [sheets[number] for number in kept], notes


def _sums_up(number: int, sheets: Sequence[SheetLike], said: Sequence[Sequence[Said]]) -> bool:
    """A sheet called a summary whose rows all stand in sheets that are not called so."""
    if not _SUMMARY.search(sheets[number].name):
        return False
    elsewhere = Counter(
        row for other, rows in enumerate(said) if not _SUMMARY.search(sheets[other].name) for row in rows
    )
    return not Counter(said[number]) - elsewhere


def _said(row: Row, without: str = "") -> Said:
    """What a row says; `without` is the running number, which a summary counts anew."""
    return tuple(sorted((name, tidy(value)) for name, value in row.values.items() if name != without and tidy(value)))
