"""Counts at the ends of quarters, rounded so that one person more or less is not seen in a small group."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.registry.rules.counting import is_quarter_end, last_quarter_end, rounded


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)))
def test_the_last_quarter_end_is_one_and_is_over(today: date) -> None:
    end = last_quarter_end(today)
    assert is_quarter_end(end)
    assert 1 <= (today - end).days <= 92


@given(st.integers(0, 100_000))
def test_a_rounded_count_is_near_and_hides_one_or_two(count: int) -> None:
    assert abs(rounded(count) - count) <= 2
    assert rounded(count) % 5 == 0
