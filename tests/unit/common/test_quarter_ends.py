"""Counts at the ends of quarters: the last one that is over."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from libs.common.calendar import is_quarter_end, last_quarter_end


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)))
def test_the_last_quarter_end_is_one_and_is_over(today: date) -> None:
    end = last_quarter_end(today)
    assert is_quarter_end(end)
    assert 1 <= (today - end).days <= 92
