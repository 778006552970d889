"""The door to merges (合并): what became one, and how it becomes two again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import Reading, Tx, allow, etag
from libs.common.identity import Caller
from services.registry.operations import merging
from services.registry.rules.merging import Merge
from services.registry.schemas.duplicates import MergeShown, MergeUndo
from services.registry.store import merges as store

router = APIRouter(prefix="/registry/v1/merges", tags=["duplicates"])


@router.get("/{merge}", summary="一次合并 One merge")
async def show_merge(
    caller: Annotated[Caller, allow("registry.duplicate.list")], tx: Reading, merge: UUID, response: Response
) -> MergeShown:
    """Who became whom, when and by whom, and whose facts were taken over."""
    return _shown(await store.get_merge(tx, merge), response)


@router.post("/{merge}/undo", summary="撤销合并 They are two again")
async def undo_merge(
    caller: Annotated[Caller, allow("registry.duplicate.decide")],
    tx: Tx,
    merge: UUID,
    body: MergeUndo,
    response: Response,
) -> MergeShown:
    """Both are as on the day of the merge; what was written since stays with the one who stays, and `later` says what. 409 while
    that one was merged further. Undone once; asked again, the answer is the same."""
    undone = await merging.undo_merge(tx, caller, merge, body.reason, body.on or tx.node.today())
    return _shown(undone, response)


def _shown(merge: Merge, response: Response) -> MergeShown:
    response.headers["ETag"] = etag(merge.version)
    return MergeShown.model_validate(merge)
