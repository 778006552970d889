"""The door to conflicts (冲突): where a phone and somebody else have said otherwise, side by side, and the decision."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import After, IfMatch, Limit, Page, Reading, Tx, after_id, allow, etag, page_of
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.values import Asked, Flag
from services.registry.operations import sync_conflicts
from services.registry.operations.sync_conflicts import open_values
from services.registry.rules.masking import mask_fact
from services.registry.rules.mutations import ConflictSource, SyncConflict
from services.registry.schemas.reveals import Why
from services.registry.schemas.sync_conflicts import ConflictRevealed, ContestedField, Decision, SyncConflictShown
from services.registry.store import sync_conflicts as store

router = APIRouter(prefix="/registry/v1/sync/conflicts", tags=["sync"])


@router.get("", summary="冲突清单 What two people have said otherwise")
async def list_conflicts(
    caller: Annotated[Caller, allow("registry.conflict.list")],
    tx: Reading,
    decided: Annotated[Asked[Flag], Query(description="those that were decided, instead of those that wait")] = False,
    source: Annotated[ConflictSource | None, Query(description="said by a phone, or by the person herself")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[SyncConflictShown]:
    """Of people within the caller's reach, in the order in which they came."""
    position = after_id(after, SyncConflictShown)
    found = await store.list_conflicts(tx, decided=decided, source=source, after=position, limit=limit + 1)
    return page_of([show_conflict_masked(each, tx.node.vault) for each in found], limit, lambda each: each.id)


@router.get("/{conflict}", summary="一项冲突 One conflict")
async def show_conflict(
    caller: Annotated[Caller, allow("registry.conflict.list")], tx: Reading, conflict: UUID, response: Response
) -> SyncConflictShown:
    """With the ETag that a decision needs."""
    found = await store.get_conflict(tx, conflict)
    response.headers["ETag"] = etag(found.version)
    return show_conflict_masked(found, tx.node.vault)


@router.post("/{conflict}/reveal", summary="显示两个值 Both values in plain")
async def reveal_conflict(
    caller: Annotated[Caller, allow("registry.conflict.reveal")], tx: Tx, conflict: UUID, body: Why
) -> ConflictRevealed:
    """Masked, 138******** and 138******** look alike: whoever decides between them says for what and sees both, and it is on record."""
    found = await sync_conflicts.reveal_conflict(tx, conflict, purpose=body.purpose, reference=body.reference)
    mine, theirs = (open_values(tx.node.vault, found, side) for side in ("mine", "theirs"))
    fields = [ContestedField(field=name, mine=mine[name], theirs=theirs[name]) for name in found.fields]
    return ConflictRevealed(id=found.id, person=found.person, fields=fields)


@router.post("/{conflict}/decision", summary="裁决 Decide what holds")
async def decide_conflict(
    caller: Annotated[Caller, allow("registry.conflict.decide")],
    tx: Tx,
    conflict: UUID,
    body: Decision,
    version: IfMatch,
    response: Response,
) -> SyncConflictShown:
    """`mine` writes what the phone or the person said, `value` what `facts` say, from its day on; with `theirs` all stays. The person's history
    has both values. Decided once: 409 after that."""
    facts = body.facts.said() if body.facts else {}
    decided = await sync_conflicts.decide_conflict(
        tx, caller, conflict, body.decision, facts, reason=body.reason, version=version
    )
    response.headers["ETag"] = etag(decided.version)
    return show_conflict_masked(decided, tx.node.vault)


def show_conflict_masked(conflict: SyncConflict, vault: Vault) -> SyncConflictShown:
    mine, theirs = (open_values(vault, conflict, side) for side in ("mine", "theirs"))
    fields = [
        ContestedField(field=name, mine=mask_fact(name, mine[name]), theirs=mask_fact(name, theirs[name]))
        for name in conflict.fields
    ]
    told = {name: value for name, value in vars(conflict).items() if name in SyncConflictShown.model_fields}
    return SyncConflictShown(**told | {"fields": fields})
