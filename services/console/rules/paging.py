"""Which page of a list is shown (翻页): where it begins, the pages before it, and so which rows of how many stand on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Rows on a page, as a reader may choose them; the first is what a list begins with.
SIZES = (50, 20, 100, 200)

# Between the cursors of a trail: a sign that none of them has.
_BETWEEN = "."

# The parts of an address that tell the page and not what the list is narrowed to.
PARTS = frozenset({"after", "trail", "rows"})


@dataclass(frozen=True)
class Paging:
    """A page of a list. The services' cursors lead forward alone, so the way back is the trail of those that led here."""

    rows: int = SIZES[0]
    after: str = ""
    trail: tuple[str, ...] = ()

    @property
    def rows_before(self) -> int:
        """How many rows stand on the pages before this one."""
        return self.rows * (len(self.trail) + 1) if self.after else 0

    @property
    def back(self) -> dict[str, str | None]:
        """What an address says of the page before."""
        *earlier, last = self.trail or ("",)
        return {"after": last or None, "trail": _BETWEEN.join(earlier) or None}

    def on(self, cursor: str) -> dict[str, str | None]:
        """What an address says of the page after."""
        trail = (*self.trail, self.after) if self.after else ()
        return {"after": cursor, "trail": _BETWEEN.join(trail) or None}


def paging_of(query: Mapping[str, str]) -> Paging:
    """As an address says it; a size that nobody is offered is the usual one."""
    rows = next((size for size in SIZES if str(size) == query.get("rows")), SIZES[0])
    trail = tuple(part for part in query.get("trail", "").split(_BETWEEN) if part)
    return Paging(rows, query.get("after", ""), trail if query.get("after") else ())
