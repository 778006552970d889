"""Sums with days that always have an answer (日期运算): beyond the calendar's first or last day it is that day.

Days come from files, from partners' events and from what is stored; one that is absurd must not stop whoever counts with it.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from uuid import UUID

_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def add_days(day: date, days: int) -> date:
    """The day so many days later, or earlier below zero."""
    return date.fromordinal(min(max(day.toordinal() + days, _FIRST), _LAST))


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month when that month is shorter (31 January + 1 = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def quarter_of(day: date) -> str:
    """2017-02-20 is in 2017Q1."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def last_quarter_end(today: date) -> date:
    """The newest 31 March, 30 June, 30 September or 31 December that is over."""
    over = [end for end in _QUARTER_ENDS if end < (today.month, today.day)]
    return date(today.year, *over[-1]) if over else date(today.year - 1, *_QUARTER_ENDS[-1])


def first_of_quarter(day: date) -> date:
    """2017-02-20 lies in a quarter that began on 2017-01-01."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def is_quarter_end(day: date) -> bool:
    """Counts of two days that lie close together differ by the one to whom something happened between them."""
    return (day.month, day.day) in _QUARTER_ENDS


def written_at(one: UUID) -> datetime:
    """When something was written that has this id: a UUIDv7 begins with the milliseconds of its making."""
    return datetime.fromtimestamp((one.int >> 80) / 1000, UTC)


def first_id_of(moment: datetime) -> UUID:
    """No id that was made before this moment is greater, none that was made after it is smaller."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
