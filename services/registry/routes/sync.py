"""The door to a cadre's phone (手机同步): what has changed within its scope, page by page."""

from __future__ import annotations

import hashlib
from typing import Annotated, cast

from fastapi import APIRouter, Query

from libs.common.api import ContextOf, Cursor, Reading, allow, encode_cursor
from libs.common.api.pagination import decode_cursor
from libs.common.events.canonical import dump
from libs.common.identity import Caller
from libs.common.masks import year_end
from libs.common.node import NodeContext
from libs.common.values import Asked, Count
from services.registry.operations import sync_pull
from services.registry.operations.announcing import wish_of
from services.registry.operations.sync_pull import SyncPage
from services.registry.routes.labourers import show_masked
from services.registry.rules.people import PersonState
from services.registry.rules.sync import CURSOR_BYTES, Position
from services.registry.schemas.sync import SyncedHousehold, SyncedLabourer, SyncedPlace, SyncPulled, SyncRows
from services.registry.settings import RegistrySettings

router = APIRouter(prefix="/registry/v1/sync", tags=["sync"])
_CURSOR = "sync"


@router.get("", summary="下行同步 What has changed within the caller's scope")
async def pull(
    caller: Annotated[Caller, allow("registry.sync.pull")],
    tx: Reading,
    context: ContextOf,
    after: Annotated[Cursor | None, Query(description="`next` of the page before; left out, everything comes")] = None,
    limit: Annotated[Asked[Count], Query(ge=1, le=500, description="Rows that a page looks at")] = 200,
) -> SyncPulled:
    """Everything at first, then the difference. A row that is written while pages are read comes again, never too late.

    410 `start-anew` when the cursor is too old, or the scope, a rule or the database is another than then: ask without `after` and
    replace the copy; what waits to be sent stays. Names are masked as in lists, and asked for one at a time.
    """
    position = Position.unpack(decode_cursor(_CURSOR, after, CURSOR_BYTES)) if after else None
    page = await sync_pull.pull(tx, position, limit)
    rows = _rows(page, tx.node)
    checksum = hashlib.sha256(dump(rows.model_dump(mode="json"))).hexdigest()
    return SyncPulled(
        **vars(rows),
        today=tx.node.today(),
        days=cast(RegistrySettings, context.settings).sync_days,
        checksum=checksum,
        next=encode_cursor(_CURSOR, page.next.pack()),
        more=page.more,
    )


def _rows(page: SyncPage, node: NodeContext) -> SyncRows:
    places = page.places
    return SyncRows(
        households=[SyncedHousehold.model_validate(each) for each in page.households],
        people=[_person(each, node, each.id in page.to_visit) for each in page.people],
        gone=page.gone,
        places=None if places is None else [SyncedPlace.model_validate(each) for each in places],
    )


def _person(person: PersonState, node: NodeContext, to_visit: bool) -> SyncedLabourer:
    today, said = node.today(), wish_of(person, node.code)
    shown = show_masked(person, node.vault, today, year_end(today))
    return SyncedLabourer(**vars(shown), wish=said.model_dump(mode="json") if said else None, round_open=to_visit)
