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
from services.registry.rules.mutations import SyncConflict
from services.registry.schemas.sync_conflicts import ContestedField, Decision, SyncConflictShown
from services.registry.store import sync_conflicts as store

router = APIRouter(prefix="/registry/v1/sync/conflicts", tags=["sync"])


@router.get("", summary="冲突清单 What two people have said otherwise")
async def list_conflicts(
    caller: Annotated[Caller, allow("registry.conflict.list")],
    tx: Reading,
    decided: Annotated[Asked[Flag], Query(description="those that were decided, instead of those that wait")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[SyncConflictShown]:
    """Of people within the caller's reach, in the order in which they came."""
    position = after_id(after, SyncConflictShown)
    found = await store.list_conflicts(tx, decided=decided, after=position, limit=limit + 1)
    return page_of([_shown(each, tx.node.vault) for each in found], limit, lambda each: each.id)


@router.get("/{conflict}", summary="一项冲突 One conflict")
async def show_conflict(
    caller: Annotated[Caller, allow("registry.conflict.list")], tx: Reading, conflict: UUID, response: Response
) -> SyncConflictShown:
    """With the ETag that a decision needs."""
    found = await store.get_conflict(tx, conflict)
    response.headers["ETag"] = etag(found.version)
    return _shown(found, tx.node.vault)


@router.post("/{conflict}/decision", summary="裁决 Decide what holds")
async def decide_conflict(
    caller: Annotated[Caller, allow("registry.conflict.decide")],
    tx: Tx,
    conflict: UUID,
    body: Decision,
    version: IfMatch,
    response: Response,
) -> SyncConflictShown:
    """`mine` writes what the phone said, `value` what `facts` say, from the phone's day on; with `theirs` all stays. The person's history
    has both values. Decided once: 409 after that."""
    facts = body.facts.said() if body.facts else {}
    decided = await sync_conflicts.decide_conflict(
        tx, caller, conflict, body.decision, facts, reason=body.reason, version=version
    )
    response.headers["ETag"] = etag(decided.version)
    return _shown(decided, tx.node.vault)


def _shown(conflict: SyncConflict, vault: Vault) -> SyncConflictShown:
    mine, theirs = (open_values(vault, conflict, side) for side in ("mine", "theirs"))
    fields = [
        ContestedField(field=name, mine=mask_fact(name, mine[name]), theirs=mask_fact(name, theirs[name]))
        for name in conflict.fields
    ]
    told = {name: value for name, value in vars(conflict).items() if name in SyncConflictShown.model_fields}
    return SyncConflictShown(**told | {"fields": fields})
