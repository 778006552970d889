"""稳岗率: the county asks for its people, the city for its guests, by the same rule."""

from __future__ import annotations

from datetime import date

from libs.common.database import Transaction
from services.retention.rules.rate import Rate, retention_rate
from services.retention.store import rates


async def count_retention(tx: Transaction, *, month: int, as_of: date, county: str | None, city: str | None) -> Rate:
    """稳岗率 at `month` months as of a day, over the placings that the caller may see."""
    return retention_rate(await rates.count_checks(tx, month, as_of, county, city), month, as_of)
