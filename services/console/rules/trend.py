"""The province's figures over time (趋势): where they stood at the end of each period, and what came about within it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from libs.common.calendar import add_days, first_of_quarter
from libs.common.small_numbers import Told
from services.console.rules.province import Table

# What stands at a day, and what has been counted since the beginning, so that only what is new tells of a period.
STOCK = ("labourers", "employed", "in_work")
FLOW = ("placed", "services", "trainings", "subsidies")
PERIODS = 8


@dataclass(frozen=True)
class Point:
    """One period by its last day: where each figure stood, and by how much it had grown since the period before.

    None: not stated, or told as a small number alone.
    """

    day: date
    stood: Mapping[str, Told | None]
    grown: Mapping[str, int | None]


def month_end(day: date) -> date:
    """The last day of the month before this day's."""
    return add_days(day.replace(day=1), -1)


def quarter_end(day: date) -> date:
    """The last day of the quarter before this day's."""
    return add_days(first_of_quarter(day), -1)


def ends_before(day: date, previous: Callable[[date], date], count: int = PERIODS) -> list[date]:
    """This day and the ends of so many periods before it, the earliest first."""
    ends = [day]
    while len(ends) <= count:
        ends.append(previous(ends[-1]))
    return ends[::-1]


def trend_of(tables: Iterable[Table]) -> list[Point]:
    """Each table's total beside the one before it; the first is only what the second is measured by."""
    totals = [(table.as_of, table.total.figures) for table in tables]
    return [
        Point(day, figures, {name: _grown(figures[name], before[name]) for name in (*STOCK, *FLOW)})
        for (_, before), (day, figures) in pairwise(totals)
    ]


def _grown(now: Told | None, before: Told | None) -> int | None:
    return now - before if isinstance(now, int) and isinstance(before, int) else None
