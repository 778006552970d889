"""Spells of employment, for tests of retention's rules."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.retention.rules.spells import Spell


def a_spell(
    start: date, end: date | None = None, *, city: str = "440300", employer: str = "91440300MA5D8C1X2T"
) -> Spell:
    """A spell of somebody from 花垣 in 深圳."""
    return Spell(
        id=UUID(int=2),
        introduction=UUID(int=1),
        county="433124",
        city=city,
        vacancy=UUID(int=3),
        employer_uscc=employer,
        occupation=None,
        start=start,
        wage_fen=380000,
        assisted=True,
        end=end,
    )
