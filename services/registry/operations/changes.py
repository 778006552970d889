"""Write what is stated otherwise of people (变更), with what stood there before, sealed: nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from services.registry.operations.sealing import seal_again
from services.registry.rules.changes import Change, Restated
from services.registry.store import people


async def write_changes(tx: Transaction, restated: Sequence[Restated], by: str, *, batch: UUID | None = None) -> None:
    """However many people: their rows in one statement, what stood there before in another."""
    vault = tx.node.vault
    await people.update_people(
        tx, [seal_again(vault, each.person, each.after, each.fields, each.on) for each in restated]
    )
    await people.insert_changes(
        tx, [_change(vault, each, field, by, batch) for each in restated for field in each.fields]
    )


def _change(vault: Vault, restated: Restated, field: str, by: str, batch: UUID | None) -> Change:
    return Change(
        id=new_id(),
        person=restated.person.id,
        batch=batch,
        field=field,
        on=restated.on,
        changed_by=by,
        before_sealed=vault.encrypt(str(getattr(restated.before, field)), context="registry.change.before"),
        after_sealed=vault.encrypt(str(getattr(restated.after, field)), context="registry.change.after"),
    )
