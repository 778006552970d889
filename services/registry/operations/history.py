"""What was written of a person (变更记录), as far as the caller may see the person, opened and masked."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from services.registry.operations.sealing import open_field
from services.registry.rules.history import ToldChange, tell_change
from services.registry.store import history, merges, people


async def list_history(tx: Transaction, one: UUID, *, before: UUID | None, limit: int) -> list[ToldChange]:
    """The newest first, with whatever was written of those who were merged into this person; 404 when there is nobody whom the caller may see."""
    await people.get_person(tx, one)
    await tx.widen()
    everybody = [one, *await merges.list_beneath(tx, one)]
    vault, kept = tx.node.vault, await history.list_history(tx, everybody, before=before, limit=limit)
    return [
        tell_change(
            each,
            open_field(vault, "change.before", each.before_sealed),
            open_field(vault, "change.after", each.after_sealed),
        )
        for each in kept
    ]
