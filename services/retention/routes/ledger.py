"""The door to the ledger (台账): what the county's people were paid, and second payments settled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Asked, Flag
from services.retention.operations import ledger
from services.retention.schemas.ledger import EntrySettled, EntryShown
from services.retention.schemas.list_sheets import LEDGER
from services.retention.store import ledger as store

router = APIRouter(prefix="/retention/v1/ledger", tags=["claims 补贴"])


@router.get("", summary="补贴台账 What was paid")
async def list_ledger(
    tx: Reading,
    _: Annotated[Caller, allow("retention.ledger.list")],
    person: UUID | None = None,
    to_settle: Annotated[Asked[Flag], Query(description="重复发放 that nobody has settled, and nothing else")] = False,
    after: After = None,
    limit: Limit = 50,
) -> Page[EntryShown]:
    """Subsidies of this county's people, oldest first, whichever region has paid them."""
    rows = await store.list_entries(tx, after_id(after, EntryShown), limit + 1, person=person, to_settle=to_settle)
    return page_of([EntryShown.model_validate(row) for row in rows], limit, lambda entry: entry.id)


export_list(router, ".xlsx", list_ledger, LEDGER)


@router.post("/{id}/settle", summary="处理重复发放 Settle a second payment")
async def settle_entry(
    id: UUID, said: EntrySettled, tx: Tx, caller: Annotated[Caller, allow("retention.ledger.settle")]
) -> EntryShown:
    """What became of it, once; 409 where it was paid but once or is settled."""
    entry = await ledger.settle_entry(tx, caller, id, said.settlement, said.on or tx.node.today())
    return EntryShown.model_validate(entry)
