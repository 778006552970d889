"""Numbers and dates as people read them (数字与日期), by Babel in the page's locale; a dash where nothing was stated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

from libs.common.node import SHANGHAI

NOTHING = "—"

# A day reads the same in both languages, sorts, and is what forms and files take.
DAY = "yyyy-MM-dd"


def number(locale: Locale, value: float | str | None) -> str:
    """1,234; a small number that is not told stays as it came, `<5`."""
    if value is None or isinstance(value, str):
        return NOTHING if value is None else value
    return format_decimal(value, "#,##0", locale=locale)


def yuan(locale: Locale, fen: int | None) -> str:
    """Fen as yuan; cents only where there are any."""
    if fen is None:
        return NOTHING
    return format_decimal(Decimal(fen) / 100, "#,##0.00" if fen % 100 else "#,##0", locale=locale)


def mean(locale: Locale, fen: float | None) -> str:
    """A mean in whole yuan: cents of a mean mean nothing."""
    return number(locale, None if fen is None else fen / 100)


def percent(locale: Locale, value: float | None) -> str:
    return NOTHING if value is None else format_percent(value, "#,##0.0%", locale=locale)


def day(locale: Locale, value: date | str | None) -> str:
    """A date, also as JSON has it."""
    if not value:
        return NOTHING
    return format_date(value if isinstance(value, date) else date.fromisoformat(value), DAY, locale=locale)


def moment(locale: Locale, value: datetime | str | None) -> str:
    """A point in time as it is read in Shanghai."""
    if not value:
        return NOTHING
    when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return format_datetime(when, f"{DAY} HH:mm", tzinfo=SHANGHAI, locale=locale)


def seconds(locale: Locale, value: float | None) -> str:
    """An age in its largest unit: 12 sec, 3 min, 2 hr."""
    if value is None:
        return NOTHING
    return format_timedelta(timedelta(seconds=value), threshold=1, format="short", locale=locale)


# The filters of the templates by name.
FORMATS: dict[str, Callable[..., str]] = {
    form.__name__: form for form in (number, yuan, mean, percent, day, moment, seconds)
}
