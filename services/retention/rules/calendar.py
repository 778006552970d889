"""Quarters (季度) and months as the offices write them: 2017Q1, 2017-03."""

from __future__ import annotations

import re
from datetime import date

from libs.common.calendar import last_of_month

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")


def days_of_quarter(quarter: str) -> tuple[date, date]:
    """First and last day of a quarter; ValueError when it is not written as 2017Q1."""
    match = _QUARTER.fullmatch(quarter)
    if not match or match[1] == "0000":
        raise ValueError(f"{quarter} is not a quarter such as 2017Q1")
    year, number = int(match[1]), int(match[2])
    return date(year, number * 3 - 2, 1), last_of_month(date(year, number * 3, 1))


def days_of_month(month: str) -> tuple[date, date]:
    """First and last day of a month written as 2017-03."""
    first = date.fromisoformat(f"{month}-01")
    return first, last_of_month(first)
