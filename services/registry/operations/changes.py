"""Write what is stated otherwise of people (变更), with what stood there before, sealed: nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from services.registry.operations.same_person import raise_pairs
from services.registry.operations.sealing import seal_again
from services.registry.rules.changes import Change, FieldChange, Origin, Restated, fields_of, text_of
from services.registry.store import people


async def write_changes(tx: Transaction, restated: Sequence[Restated], origin: Origin) -> None:
    """However many people: their rows in one statement, what stood there before in another; who is alike by it becomes a pair."""
    vault = tx.node.vault.for_many()
    written = [seal_again(vault, each.person, each.after, each.fields, each.on) for each in restated]
    await people.update_people(tx, written)
    await raise_pairs(tx, written, origin)
    await record_changes(tx, [field for each in restated for field in fields_of(each)], origin)


async def record_changes(tx: Transaction, changed: Sequence[FieldChange], origin: Origin) -> None:
    """Put on record what stood there before, of facts that are kept in the person's row or beside it."""
    vault, now = tx.node.vault.for_many(), tx.node.clock.now()
    await people.insert_changes(tx, [_change(vault, each, origin, now) for each in changed])


def _change(vault: Vault, changed: FieldChange, origin: Origin, now: datetime) -> Change:
    return Change(
        id=new_id(),
        person=changed.person,
        batch=origin.batch,
        batch_row=changed.row,
        field=changed.field,
        on=changed.on,
        changed_by=origin.by,
        at=now,
        source=origin.source,
        reason=origin.reason,
        before_sealed=vault.encrypt(text_of(changed.before), context="registry.change.before"),
        after_sealed=vault.encrypt(text_of(changed.after), context="registry.change.after"),
    )
