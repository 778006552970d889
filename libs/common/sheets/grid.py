"""A sheet before it is understood: cells by position, merged cells filled, which are yellow, hidden, or damaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from libs.common.sheets.model import CellValue
from libs.common.sheets.text import tidy

Position = tuple[int, int]
Merge = tuple[Position, Position]


@dataclass
class Grid:
    """Rows and columns from 0, leading blank ones included, so that row numbers are those of the sheet.

    `faults` are codes of what is wrong with a cell, or with a row as a whole (column -1). `records` says that the rows are
    records of a CSV: how many cells each has is the writer's own, not the sheet's rectangle.

    A piece of a longer one begins with the `head` rows of the whole's header; behind them so many rows are `skipped`. One that does
    not end where the sheet `ends` may end in blank rows that are told.
    """

    name: str
    cells: list[list[CellValue]]
    merges: tuple[Merge, ...] = ()
    yellow: frozenset[Position] = frozenset()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    faults: Mapping[Position, str] = field(default_factory=dict)
    records: bool = False
    head: int = 0
    skipped: int = 0
    ends: bool = True
    _covered: Mapping[Position, Position] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._covered = dict(_cover(self.merges, self.height, self.width))

    @property
    def width(self) -> int:
        return max(map(len, self.cells), default=0)

    @property
    def height(self) -> int:
        return len(self.cells)

    def number(self, row: int) -> int:
        """As a spreadsheet numbers it: in the whole, from 1."""
        return row + 1 + (self.skipped if row >= self.head else 0)

    def own(self, row: int, column: int) -> CellValue:
        """What stands in the cell itself."""
        line = self.cells[row]
        return line[column] if column < len(line) else None

    def value(self, row: int, column: int) -> CellValue:
        """What one reads there: a merged area shows its first cell."""
        return self.own(*self._covered.get((row, column), (row, column)))

    def is_yellow(self, row: int, column: int) -> bool:
        return self._covered.get((row, column), (row, column)) in self.yellow

    def filled(self, row: int) -> dict[int, str]:
        """The tidied texts of a row's own cells that are not empty, by column."""
        texts = ((column, tidy(value)) for column, value in enumerate(self.cells[row]))
        return {column: text for column, text in texts if text}


def _cover(merges: Iterable[Merge], height: int, width: int) -> Iterable[tuple[Position, Position]]:
    """Every covered position and its first cell; areas are cut to the sheet and to twice its size in all."""
    budget = 2 * height * width
    for (top, left), (bottom, right) in merges:
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, min(right + 1, width)):
                budget -= 1
                if budget < 0:
                    return
                yield (row, column), (top, left)
