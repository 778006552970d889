"""Quarters and months as the offices write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.calendar import add_months, quarter_of
from services.retention.rules.calendar import days_of_month, days_of_quarter

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_day_lies_in_its_own_quarter_and_month(day: date) -> None:
    first, last = days_of_quarter(quarter_of(day))
    assert first <= day <= last
    assert quarter_of(last + timedelta(days=1)) != quarter_of(day)
    begins, ends = days_of_month(f"{day:%Y-%m}")
    assert begins <= day <= ends


def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert add_months(date(2017, 1, 31), 1) == date(2017, 2, 28)
    assert add_months(date(2016, 1, 31), 1) == date(2016, 2, 29)
    assert add_months(date(2017, 11, 15), 3) == date(2018, 2, 15)


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_later_months_never_come_earlier(day: date, months: int, more: int) -> None:
    assert day <= add_months(day, months) <= add_months(day, months + more)


@pytest.mark.parametrize("wrong", ["2017", "2017Q5", "2017q1", "17Q1", ""])
def test_what_is_no_quarter_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        days_of_quarter(wrong)
