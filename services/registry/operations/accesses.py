"""A person is told who looked (谁看过我), as far as the caller may see the person."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from services.registry.rules.trail import Access
from services.registry.store import accesses, people


async def list_accesses(tx: Transaction, one: UUID, *, before: int, limit: int) -> list[Access]:
    """What the trail says of one person, the newest first; 404 when there is none whom the caller may see."""
    await people.get_person(tx, one)
    await tx.widen()
    return await accesses.list_accesses(tx, one, before=before, limit=limit)
