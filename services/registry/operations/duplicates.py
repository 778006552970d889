"""Is somebody in the register already (查重)? Asked over the whole county, told as far as the caller reaches."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from services.registry.operations.sealing import index_number
from services.registry.rules.duplicates import refuse_taken
from services.registry.store import people


async def check_number_free(tx: Transaction, number: str, *, but: UUID | None = None) -> None:
    """Refuse the number of another person; widens the reach, and tells no more than the caller's own."""
    index = index_number(tx.node.vault, number)
    seen = await people.list_people_by_numbers(tx, [index])
    await tx.widen()
    known = seen or await people.list_people_by_numbers(tx, [index])
    if any(each.id != but for each in known.values()):
        raise refuse_taken(next((each.id for each in seen.values()), None))
