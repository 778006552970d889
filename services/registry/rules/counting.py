"""Which counts tell nobody's birthday (统计口径): at the ends of quarters alone, and rounded for whoever may not know the people."""

from __future__ import annotations

from datetime import date, timedelta

ROUNDED_TO = 5


def last_quarter_end(today: date) -> date:
    """The newest 31 March, 30 June, 30 September or 31 December that is over."""
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def is_quarter_end(day: date) -> bool:
    """Counts of two days that lie close together differ by the one who had a birthday between them."""
    return day.month % 3 == 0 and (day + timedelta(days=1)).day == 1


def rounded(count: int) -> int:
    """To the nearest five: a group of one or two is not told from none, and nobody is the difference of two counts."""
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
