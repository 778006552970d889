"""Decide what holds (裁决): where a phone or the person herself says otherwise than the register, neither value is lost until then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from pydantic import JsonValue

from libs.common.api.preconditions import Versions, check_version
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.telemetry import log
from services.registry.operations.changes import record_changes
from services.registry.operations.labourers import correct_labourer
from services.registry.operations.sealing import open_field, seal_field
from services.registry.rules.changes import FieldChange, Origin
from services.registry.rules.mutations import ConflictDecided, SyncConflict
from services.registry.store import people, sync_conflicts


def open_values(vault: Vault, conflict: SyncConflict, side: Literal["mine", "theirs"]) -> dict[str, JsonValue]:
    """What one side said, by field."""
    sealed = conflict.mine_sealed if side == "mine" else conflict.theirs_sealed
    return dict(json.loads(open_field(vault, f"sync_conflict.{side}", sealed)))


def seal_values(vault: Vault, side: Literal["mine", "theirs"], values: Mapping[str, Any]) -> bytes:
    """The same as they are kept."""
    sealed = seal_field(vault, f"sync_conflict.{side}", json.dumps(values, ensure_ascii=False, default=str))
    assert sealed is not None
    return sealed


async def reveal_conflict(tx: Transaction, one: UUID, *, purpose: str, reference: str) -> SyncConflict:
    """Both values in plain, to whoever says for what; of the contested fields and no others."""
    conflict = await sync_conflicts.get_conflict(tx, one)
    tx.trail.note(purpose=purpose, reference=reference, persons=[conflict.person], fields=conflict.fields)
    log.info("reveal_conflict", conflict=str(one), purpose=purpose)
    return conflict


async def decide_conflict(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    decision: Literal["mine", "theirs", "value"],
    facts: Mapping[str, Any],
    *,
    reason: str | None,
    version: Versions,
) -> SyncConflict:
    """Whatever is taken is written as a correction is; what was not taken stays on record beside it."""
    await people.lock_person(tx, (await sync_conflicts.get_conflict(tx, one)).person)
    conflict = await sync_conflicts.lock_conflict(tx, one)
    check_version(version, conflict.version)
    if conflict.state != "open":
        raise ConflictDecided()
    mine = open_values(tx.node.vault, conflict, "mine")
    taken, why = mine if decision == "mine" else facts, reason or conflict.reason
    if decision != "mine":
        await _record_left(tx, caller, conflict, mine, why)
    if decision != "theirs":
        await correct_labourer(tx, caller, conflict.person, taken, version=None, on=conflict.on, reason=why)
    decided = conflict.decided(decision, caller.subject, tx.node.clock.now())
    await sync_conflicts.update_conflict(tx, decided)
    tx.trail.note(persons=[conflict.person], fields=conflict.fields)
    log.info("decide_conflict", conflict=str(one), decision=decision)
    return decided


async def _record_left(
    tx: Transaction, caller: Caller, conflict: SyncConflict, mine: Mapping[str, Any], why: str | None
) -> None:
    """What was said and not taken, in the person's history, as what stood there before that which stays."""
    theirs = open_values(tx.node.vault, conflict, "theirs")
    left = [FieldChange(conflict.person, name, mine[name], theirs[name], conflict.on) for name in conflict.fields]
    await record_changes(tx, left, Origin(caller.subject, "form", reason=why))
