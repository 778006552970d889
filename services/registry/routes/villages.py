"""The door to townships and villages: what a form's choice lists, and how complete each village is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from libs.common.api import After, Limit, Page, Reading, allow
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from services.registry.routes.callers import AsOf
from services.registry.schemas.list_sheets import VILLAGES
from services.registry.schemas.villages import PlacesShown, VillageRow, VillagesShown
from services.registry.store import places, villages

router = APIRouter(prefix="/registry/v1", tags=["villages"])


@router.get("/places", summary="乡镇和村的名称 Names of townships and villages")
async def list_places(caller: Annotated[Caller, allow("registry.village.list")], tx: Reading) -> PlacesShown:
    """Those in which a household is on record, without any figure: what a form suggests costs no look at the people."""
    return PlacesShown.of(await places.list_places(tx))


async def list_village_rows(
    caller: Annotated[Caller, allow("registry.village.list")],
    tx: Reading,
    as_of: AsOf = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[VillageRow]:
    """The county's figures as rows: they are counted at once, so that there is one page of them."""
    return Page(items=VillageRow.rows(await villages.list_village_figures(tx, as_of or tx.node.today())))


export_list(router, "/villages.xlsx", list_village_rows, VILLAGES)


@router.get("/villages", summary="乡镇和村 Townships and villages, with how complete they are")
async def list_villages(
    caller: Annotated[Caller, allow("registry.village.list")], tx: Reading, as_of: AsOf = None
) -> VillagesShown:
    """Those in which anybody within the caller's reach lives, counted in one look at the register."""
    day = as_of or tx.node.today()
    return VillagesShown.of(day, await villages.list_village_figures(tx, day))
