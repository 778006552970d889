"""Which counts tell nobody's birthday (统计口径): at the ends of quarters alone, and rounded for whoever may not know the people."""

from __future__ import annotations

from datetime import date

ROUNDED_TO = 5
_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def last_quarter_end(today: date) -> date:
    """The newest 31 March, 30 June, 30 September or 31 December that is over."""
    over = [end for end in _ENDS if end < (today.month, today.day)]
    return date(today.year, *over[-1]) if over else date(today.year - 1, *_ENDS[-1])


def is_quarter_end(day: date) -> bool:
    """Counts of two days that lie close together differ by the one who had a birthday between them."""
    return (day.month, day.day) in _ENDS


def rounded(count: int) -> int:
    """To the nearest five: a group of one or two is not told from none, and nobody is the difference of two counts."""
    return (count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
