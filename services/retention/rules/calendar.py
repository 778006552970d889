"""Quarters (季度) and months as the offices write them: 2017Q1, 2017-03."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_QUARTER = re.compile(r"^(\d{4})Q([1-4])$")


def quarter_of(day: date) -> str:
    """2017-02-20 is in 2017Q1."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def days_of_quarter(quarter: str) -> tuple[date, date]:
    """First and last day of a quarter; ValueError when it is not written as 2017Q1."""
    match = _QUARTER.match(quarter)
    if not match:
        raise ValueError(f"{quarter} is not a quarter such as 2017Q1")
    year, number = int(match[1]), int(match[2])
    return date(year, number * 3 - 2, 1), add_months(date(year, number * 3 - 2, 1), 3) - timedelta(days=1)


def days_of_month(month: str) -> tuple[date, date]:
    """First and last day of a month written as 2017-03."""
    first = date.fromisoformat(f"{month}-01")
    return first, add_months(first, 1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month when that month is shorter (31 January + 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
