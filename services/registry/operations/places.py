"""Where somebody may be said to live (乡镇、村): in a village that the register knows, within the caller's reach."""

from __future__ import annotations

from libs.common.database import Transaction
from services.registry.rules.townships import refuse_place
from services.registry.store import people, places


async def check_place(tx: Transaction, township: str, village: str) -> None:
    """Refuse a village that nobody of the register lives in, saying which there are. Asked before the reach is widened."""
    if await places.find_village(tx, township, village) is None:
        known = await places.list_villages(tx, township)
        raise refuse_place(township, village, known, [] if known else await people.list_townships(tx))
