"""Job fairs over HTTP (招聘会): those of this node and its partners, their firms and posts, who of this county comes, what became of it."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.small_numbers import EXACT
from libs.common.values import Asked, Day, Division, Flag
from services.matching.schemas.fairs import FairListed, FairResults, FairShown, FirmThere, VisitorShown
from services.matching.schemas.list_sheets import FAIRS, SUPPLY, VISITORS
from services.matching.schemas.lists import Offer
from services.matching.store import fair_visitors as visitors
from services.matching.store import fairs as store

router = APIRouter(prefix="/matching/v1/fairs", tags=["招聘会 fairs"])
State = Annotated[Literal["planned", "open", "held", "cancelled"] | None, Query(description="How it stands")]


@router.get("", summary="招聘会 Fairs of this node and its partners")
async def list_fairs(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.fair.list")],
    state: State = None,
    city: Annotated[Division | None, Query(description="Whose fair it is")] = None,
    since: Annotated[Day | None, Query(description="On this day or later")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[FairListed]:
    """In the order of entry."""
    rows = await store.list_fairs(
        tx, state=state, city=city, since=since, after=after_id(after, FairListed), limit=limit + 1
    )
    return page_of([FairListed.of(row) for row in rows], limit, lambda each: each.id)


export_list(router, ".xlsx", list_fairs, FAIRS)


@router.get("/{fair}", summary="一场招聘会 One fair with its firms")
async def show_fair(tx: Reading, caller: Annotated[Caller, allow("matching.fair.show")], fair: UUID) -> FairShown:
    """As its node last announced it."""
    firms = [FirmThere.model_validate(each) for each in await store.list_booths(tx, fair)]
    return FairShown.of(await store.get_fair(tx, fair), firms=firms)


@router.get("/{fair}/vacancies", summary="参会岗位 The posts that stand there")
async def list_posts(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.fair.show")],
    fair: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[Offer]:
    """Those of the supply list that are offered and are the firms' that come; nobody else's, whatever was announced."""
    await store.get_fair(tx, fair)
    rows = await store.list_posts(tx, fair, after=after_id(after, Offer), limit=limit + 1)
    return page_of([Offer.model_validate(row) for row in rows], limit, lambda each: each.vacancy)


export_list(router, "/{fair}/vacancies.xlsx", list_posts, SUPPLY)


@router.get("/{fair}/visitors", summary="参会人员 Who of this county comes")
async def list_visitors(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.fair.list_visitors")],
    fair: UUID,
    came: Annotated[Asked[Flag] | None, Query(description="those who have come, or those who have not")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[VisitorShown]:
    """By id, with what they have signed there; a cadre sees the own township's."""
    await store.get_fair(tx, fair)
    rows = await visitors.list_visitors(tx, fair, came=came, after=after_id(after, VisitorShown), limit=limit + 1)
    return page_of([VisitorShown.model_validate(row) for row in rows], limit, lambda each: each.person)


export_list(router, "/{fair}/visitors.xlsx", list_visitors, VISITORS)


@router.get("/{fair}/results", summary="招聘会结果 What became of a fair, by firm and by origin")
async def show_results(
    tx: Reading, caller: Annotated[Caller, allow("matching.fair.results")], fair: UUID
) -> FairResults:
    """At a county its own people by township; at the city whose fair it is, every county's as that county says, and by firm what has
    come in. To a role without `exact` counts of 1 to 4 are `<5`, and others are to the nearest five."""
    found = await store.get_fair(tx, fair)
    origins = [*await visitors.list_by_township(tx, fair), *await visitors.list_by_county(tx, fair)]
    results = FairResults.of(found, await visitors.list_by_firm(tx, fair), origins)
    return results if EXACT in caller.fields else results.told()
