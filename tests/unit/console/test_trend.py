"""The figures over time: ends of periods, and what came about in each adds up to what stands at the end."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.console.rules.province import FIGURES, Line, Rate, Table
from services.console.rules.trend import ends_before, month_end, quarter_end, trend_of

TODAY = date(2017, 7, 14)
RATE = Rate(None, None, None, "r", TODAY)


def a_table(day: date, employed: int | None) -> Table:
    figures = {name: employed if name == "employed" else None for name in FIGURES}
    return Table(day, (), Line("total", figures, RATE, RATE))


def test_periods_end_with_their_months_and_quarters() -> None:
    assert ends_before(TODAY, month_end, 2) == [date(2017, 5, 31), date(2017, 6, 30), TODAY]
    assert ends_before(date(2017, 6, 30), quarter_end, 2) == [date(2016, 12, 31), date(2017, 3, 31), date(2017, 6, 30)]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=9))
def test_what_came_about_adds_up_to_what_stands(counts: list[int]) -> None:
    points = trend_of(a_table(TODAY + timedelta(days=number), count) for number, count in enumerate(counts))
    assert len(points) == len(counts) - 1
    assert counts[0] + sum(point.grown["employed"] or 0 for point in points) == points[-1].stood["employed"]


def test_what_was_not_stated_has_not_grown() -> None:
    [point] = trend_of([a_table(TODAY, None), a_table(TODAY, 5)])
    assert point.grown["employed"] is None
