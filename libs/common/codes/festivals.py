"""When the new year's holidays end (元宵): what 年后 means as a date."""

from __future__ import annotations

from datetime import date

from libs.common.codes import data


def after_new_year(spoken: date) -> date:
    """The Lantern festival of the year in which somebody says 年后; said in autumn, of the next year."""
    year = spoken.year + (1 if spoken.month >= 9 else 0)
    known: dict[str, str] = data.read("calendar")["lantern"]
    return date.fromisoformat(known[str(year)]) if str(year) in known else date(year, 2, 15)
