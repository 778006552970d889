"""How the nodes' statements add up to the province's table (全省一张表): for each division and kind the newest one that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from libs.common.small_numbers import Told

RULE = "province.1"

# Who counts what, so that nobody counts twice: the home county counts people, the place of work counts posts.
REGISTRY = (
    "households",
    "people",
    "labourers",
    "employed",
    "in_county",
    "in_province",
    "out_of_province",
    "elsewhere",
    "own_account",
    "assisted",
)
RETENTION = (
    "placed",
    "in_work",
    "wage_sum_fen",
    "wage_count",
    "services",
    "trainings",
    "guidances",
    "introductions",
    "subsidies",
    "subsidies_fen",
)
JOBS = ("employers", "vacancies", "openings", "openings_left", "designations", "intake", "fairs")
KINDS: dict[str, tuple[str, ...]] = {"registry": REGISTRY, "retention": RETENTION, "jobs": JOBS}
FIGURES = tuple(figure for figures in KINDS.values() for figure in figures)


@dataclass(frozen=True)
class Statement:
    """What one node said of its division as of a date. `sequence` orders what the same source said one after the other."""

    kind: str
    division: str
    as_of: date
    rule: str
    figures: Mapping[str, int]
    sequence: int
    event: UUID
    stated_at: datetime


@dataclass(frozen=True)
class Rate:
    """A share or a mean with what it was made of; `value` is None where nothing was counted."""

    numerator: Told | None
    denominator: Told | None
    value: float | None
    rule: str
    as_of: date


@dataclass(frozen=True)
class Line:
    """One line of the table: a division's figures (None: not stated), its rates, and the statements they come from."""

    division: str
    figures: Mapping[str, Told | None]
    employed_share: Rate
    mean_wage_fen: Rate
    statements: tuple[Statement, ...] = field(default=())


@dataclass(frozen=True)
class Table:
    """The table as of a date: one line for each division and the total."""

    as_of: date
    lines: tuple[Line, ...]
    total: Line

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statement for line in self.lines for statement in line.statements)


def speaks_for(node: str, division: str) -> bool:
    """A node states figures of its own division and of no other."""
    return node == f"n{division}"


def newest(statements: Iterable[Statement], as_of: date) -> dict[tuple[str, str], Statement]:
    """For each division and kind the statement that holds on a date: the latest date not after it, and of that the last word."""
    holding: dict[tuple[str, str], Statement] = {}
    for one in statements:
        place = (one.division, one.kind)
        before = holding.get(place)
        if one.as_of <= as_of and (before is None or (one.as_of, one.sequence) > (before.as_of, before.sequence)):
            holding[place] = one
    return holding


def add_up(statements: Iterable[Statement], as_of: date, divisions: Iterable[str]) -> Table:
    """The table of these divisions as of a date; whoever has stated something else as well gets a line too."""
    holding = newest(statements, as_of)
    listed = list(dict.fromkeys([*divisions, *sorted(division for division, _ in holding)]))
    lines = tuple(_line(division, holding, as_of) for division in listed)
    total = {figure: add([stated(line)[figure] for line in lines]) for figure in FIGURES}
    return Table(as_of, lines, _with_rates("total", total, as_of, ()))


def stated(line: Line) -> dict[str, int | None]:
    """A line's figures as numbers; one that is told as a small number has none."""
    return {name: value if isinstance(value, int) else None for name, value in line.figures.items()}


def add(values: Iterable[int | None]) -> int | None:
    """The sum of what is known; nothing known is not zero."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _line(division: str, holding: Mapping[tuple[str, str], Statement], as_of: date) -> Line:
    mine = {kind: holding[division, kind] for kind in KINDS if (division, kind) in holding}
    figures = {
        figure: mine[kind].figures.get(figure) if kind in mine else None
        for kind, names in KINDS.items()
        for figure in names
    }
    return _with_rates(division, figures, as_of, tuple(mine.values()))


def _with_rates(division: str, figures: dict[str, int | None], as_of: date, statements: tuple[Statement, ...]) -> Line:
    share = _rate(figures["employed"], figures["labourers"], as_of, digits=4)
    wage = _rate(figures["wage_sum_fen"], figures["wage_count"], as_of, digits=0)
    return Line(division, figures, share, wage, statements)


def _rate(numerator: int | None, denominator: int | None, as_of: date, *, digits: int) -> Rate:
    value = round(numerator / denominator, digits) if numerator is not None and denominator else None
    return Rate(numerator, denominator, value, RULE, as_of)
