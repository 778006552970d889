"""The two lists over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.small_numbers import EXACT
from libs.common.values import Asked, Count, Division, OccupationGroup, Region
from services.matching.schemas.list_sheets import SUPPLY
from services.matching.schemas.lists import Demand, Offer, Seeking, Statement
from services.matching.store import lists as store

router = APIRouter(prefix="/matching/v1", tags=["两张清单 lists"])
City = Annotated[Division | None, Query(description="Division code of a city")]
Occupation = Annotated[OccupationGroup | None, Query(description="Occupation group, e.g. 6-25")]


@router.get("/supply", summary="岗位清单 Vacancies with openings left")
async def list_supply(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.supply.list")],
    city: City = None,
    occupation: Occupation = None,
    wage: Annotated[Asked[Count] | None, Query(description="At least this wage, yuan a month")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Offer]:
    """Vetted vacancies of all partner cities that are still offered, in the order in which they were entered."""
    rows = await store.list_supply(
        tx, after=after_id(after, Offer), limit=limit + 1, city=city, occupation=occupation, wage=wage
    )
    return page_of([Offer.model_validate(row) for row in rows], limit, lambda offer: offer.vacancy)


export_list(router, "/supply.xlsx", list_supply, SUPPLY)


@router.get("/demand", summary="求职清单 What people seek")
async def list_demand(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.demand.list")],
    occupation: Occupation = None,
    destination: Annotated[Region | None, Query(description="A wished place, as in the wishes")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Demand:
    """Anonymous counts by county; at a county its officers (a cadre: of the township) also see who seeks, by id.

    To a role without `exact` counts of 1 to 4 are `<5`, and others are to the nearest five."""
    shown = Statement.model_validate if EXACT in caller.fields else Statement.told
    statements = [shown(row) for row in await store.list_demand(tx)]
    if caller.reach.kind not in ("node", "townships"):
        return Demand(items=statements)
    rows = await store.list_seeking(
        tx, after=after_id(after, Seeking), limit=limit + 1, occupation=occupation, destination=destination
    )
    page = page_of([Seeking.of(row) for row in rows], limit, lambda each: each.person)
    return Demand(items=statements, people=page.items, next=page.next)
