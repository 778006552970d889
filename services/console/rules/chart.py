"""The layout of the one chart: where people work, a stacked bar for each division; numbers in, coordinates out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.console.rules.province import Line, stated

PLACES = ("in_county", "in_province", "out_of_province", "elsewhere")

WIDTH, ROW, LABEL, FIGURE = 960, 34, 108, 84


@dataclass(frozen=True)
class Piece:
    """One piece of a bar: which figure, how many, where it begins and how wide it is."""

    figure: str
    value: int
    x: float
    width: float

    @property
    def roomy(self) -> bool:
        """Whether the number fits into the piece."""
        return self.width >= 9 * len(str(self.value)) + 10


@dataclass(frozen=True)
class Bar:
    """One division's bar."""

    division: str
    total: int
    y: int
    end: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Chart:
    """All bars on one scale, with the lines of the grid as (x, number)."""

    height: int
    bars: tuple[Bar, ...]
    grid: tuple[tuple[float, int], ...]


def lay_out(lines: Sequence[Line]) -> Chart:
    """A bar for each division whose people have been counted; an empty chart has no bars."""
    counted = [line for line in lines if any(stated(line)[place] for place in PLACES)]
    longest = max((sum(stated(line)[place] or 0 for place in PLACES) for line in counted), default=0)
    step = _step(longest)
    top = max(step * -(-longest // step), 1)
    scale = (WIDTH - LABEL - FIGURE) / top
    bars = tuple(_bar(line, number, scale) for number, line in enumerate(counted))
    grid = tuple((LABEL + mark * scale, mark) for mark in range(0, top + 1, step)) if bars else ()
    return Chart(len(bars) * ROW + 28, bars, grid)


def _bar(line: Line, number: int, scale: float) -> Bar:
    pieces, x = [], float(LABEL)
    for place in PLACES:
        value = stated(line)[place] or 0
        if value:
            pieces.append(Piece(place, value, round(x, 2), round(value * scale, 2)))
            x += value * scale
    return Bar(line.division, sum(piece.value for piece in pieces), number * ROW + 6, round(x, 2), tuple(pieces))


def _step(longest: int) -> int:
    """A round distance between grid lines: 1, 2 or 5 times a power of ten, at most six of them."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if longest <= size * factor * 6:
                return size * factor
        size *= 10
