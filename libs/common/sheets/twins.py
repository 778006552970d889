"""Several columns for one (同义列): which of them counts, which fills its gaps, and what is told of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from libs.common.sheets.grid import Grid
from libs.common.sheets.header import Claim, Header, header_key
from libs.common.sheets.model import CellValue, Layout, Note
from libs.common.sheets.sheet_xml import column_letters
from libs.common.sheets.text import tidy


@dataclass(frozen=True)
class Source:
    """Where a canonical column is read: its column, others that stand in where it is empty, and those that print the same header."""

    column: int
    others: tuple[int, ...] = ()
    same: frozenset[int] = frozenset()

    def read(self, grid: Grid, row: int) -> tuple[CellValue, int]:
        """The value, and the column in which it stands."""
        value = grid.value(row, self.column)
        if self.others and not tidy(value):
            found = next((column for column in self.others if tidy(grid.value(row, column))), self.column)
            return grid.value(row, found), found
        return value, self.column

    def disagrees(self, grid: Grid, row: int) -> bool:
        """Whether two columns with one header say different things."""
        said = {tidy(grid.value(row, column)) for column in (self.column, *self.same)} - {""}
        return len(said) > 1


def settle(
    grid: Grid, header: Header, rows: Sequence[int], layout: Layout, ranks: Mapping[str, int]
) -> tuple[dict[str, Source], list[Note]]:
    """For each canonical column its source; a note for each that several columns claim."""
    weak = frozenset(map(header_key, layout.weak))
    sources, notes = {}, []
    for name, claims in header.claims.items():
        sources[name] = source = _choose(grid, claims, rows, weak, ranks)
        lost = [claim.column for claim in claims if claim.column != source.column]
        if lost:
            letters = "、".join(map(column_letters, lost))
            headers = (name, header.printed(source.column), *map(header.printed, lost))
            notes.append(Note("column_twice", grid.name, f"{column_letters(source.column)}（{letters}）", headers))
    return sources, notes


def _choose(
    grid: Grid, claims: Sequence[Claim], rows: Sequence[int], weak: frozenset[str], ranks: Mapping[str, int]
) -> Source:
    """The form's own header before its aliases, those in their order; a column with nothing in it before none that has something."""
    if len(claims) == 1:
        return Source(claims[0].column)
    strong = [claim for claim in claims if claim.key not in weak] or list(claims)
    filled = [claim for claim in strong if any(tidy(grid.value(row, claim.column)) for row in rows)] or strong
    chosen, *others = sorted(filled, key=lambda claim: (ranks[claim.key], claim.column))
    same = frozenset(claim.column for claim in others if claim.key == chosen.key)
    return Source(chosen.column, tuple(claim.column for claim in others), same)
