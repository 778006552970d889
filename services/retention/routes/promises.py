"""The door to the ledger of promises: this city's as it stands, and every city's as it is told before a person says yes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Division, Uscc
from services.retention.rules.promises import By, firm_of
from services.retention.schemas.list_sheets import PROMISES, PROMISES_STATED
from services.retention.schemas.promises import PromiseShown, PromiseStated
from services.retention.store import promises as store
from services.retention.store import stated_promises

router = APIRouter(prefix="/retention/v1/promises", tags=["promises 承诺台账"])

Lines = Annotated[By, Query(description="Of each vacancy, or of each firm")]


@router.get("", summary="承诺台账 What was published beside what was paid and kept")
async def list_promises(
    tx: Reading,
    _: Annotated[Caller, allow("retention.promise.list")],
    by: Lines = "vacancy",
    employer: Annotated[Uscc | None, Query(description="统一社会信用代码 USCC")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PromiseShown]:
    """Posts of this city where somebody was hired, or their firms, as they stand now; an employer sees its own."""
    begin = after_id(after, PromiseShown)
    if by == "vacancy":
        lines = await store.list_posts(tx, employer=employer, after=begin, limit=limit + 1)
    else:
        firms = await store.list_firms(tx, employer=employer, after=begin, limit=limit + 1)
        lines = [firm_of(key, posts) for key, posts in firms]
    return page_of([PromiseShown.of(line) for line in lines], limit, lambda line: line.key)


export_list(router, ".xlsx", list_promises, PROMISES)


@router.get("/stated", summary="各地承诺台账 What every city has stated of its firms")
async def list_stated(
    tx: Reading,
    _: Annotated[Caller, allow("retention.promise_statement.list")],
    by: Lines = "vacancy",
    vacancy: Annotated[UUID | None, Query(description="one post, before a person says yes to it")] = None,
    employer: Annotated[Uscc | None, Query(description="统一社会信用代码 USCC")] = None,
    city: Annotated[Division | None, Query(description="the city that has stated it")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PromiseStated]:
    """As this node has heard it from its partners and itself, counts of 1 to 4 as `<5` and others to the nearest five."""
    rows = await stated_promises.list_stated(
        tx,
        firms=by == "employer",
        vacancies=None if vacancy is None else [vacancy],
        employer=employer,
        city=city,
        after=after_id(after, PromiseStated),
        limit=limit + 1,
    )
    return page_of([PromiseStated.of(row) for row in rows], limit, lambda line: line.key)


export_list(router, "/stated.xlsx", list_stated, PROMISES_STATED)
