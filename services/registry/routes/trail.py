"""The door to the trail at the registry: a person is told who looked, and anybody who audits where nodes' chains ended."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import Cursor, Limit, Reading, after_number, allow, encode_cursor
from libs.common.identity import Caller
from libs.common.values import NodeName
from services.registry.operations import accesses
from services.registry.schemas.trail import Access, Accesses, HeadsList, HeadsShown
from services.registry.store import witnesses

router = APIRouter(prefix="/registry/v1", tags=["trail"])


@router.get("/labourers/{person}/accesses", summary="谁看过我 Who has looked at a person")
async def list_accesses(
    caller: Annotated[Caller, allow("registry.labourer.accesses")],
    tx: Reading,
    person: UUID,
    after: Annotated[Cursor | None, Query(description="Cursor `next` of the page before")] = None,
    limit: Limit = 50,
) -> Accesses:
    """Everybody who was told the name, corrected a fact or handed the card on: who, as what, for what and when."""
    found = await accesses.list_accesses(tx, person, before=after_number(after, f"accesses:{person}"), limit=limit + 1)
    shown = [Access.of(each) for each in found[:limit]]
    more = encode_cursor(f"accesses:{person}", found[limit - 1].place) if len(found) > limit else None
    return Accesses(person=person, items=shown, next=more)


@router.get("/audit/heads", summary="见证 Where the chains of this node and its partners ended")
async def list_heads(
    caller: Annotated[Caller, allow("node.audit.heads")],
    tx: Reading,
    node: Annotated[NodeName | None, Query(description="Of one node")] = None,
    limit: Limit = 50,
) -> HeadsList:
    """As each node has signed them and this one remembers. A node whose trail does not hold these ends has rewritten its past."""
    return HeadsList(
        items=[HeadsShown.model_validate(row) for row in await witnesses.list_witnesses(tx, node=node, limit=limit)]
    )
