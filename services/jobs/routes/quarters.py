"""The door to an agreement's quarters: stated by the city, signed by the county, differences named and settled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import (
    After,
    Idempotency,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    after_number,
    allow,
    answer_once,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Asked, Flag
from services.jobs.operations import quarters
from services.jobs.rules.quarters import QuarterState
from services.jobs.schemas.list_sheets import ENTRIES, QUARTERS
from services.jobs.schemas.quarters import (
    DifferenceAccept,
    EntryShown,
    QuarterNew,
    QuarterShown,
    QuarterSign,
    SettledShown,
)
from services.jobs.store import quarters as store

router = APIRouter(prefix="/jobs/v1/quarters", tags=["agreements"])


@router.get("", summary="季度签认清单 List quarters")
async def list_quarters(
    caller: Annotated[Caller, allow("jobs.quarter.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    agreement: Annotated[UUID | None, Query(description="of one agreement")] = None,
    state: Annotated[QuarterState | None, Query(description="differs: to be settled by either side")] = None,
) -> Page[QuarterShown]:
    """How the quarters of agreements stand, in the order in which they were stated here."""
    position = after_id(after, QuarterShown)
    rows = await store.list_quarters(tx, agreement=agreement, state=state, after=position, limit=limit)
    return page_of([QuarterShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_quarters, QUARTERS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/quarters/{id}"), summary="城市签报 State a quarter")
async def state_quarter(
    caller: Annotated[Caller, allow("jobs.quarter.state")],
    tx: Tx,
    once: Idempotency,
    body: QuarterNew,
    response: Response,
) -> QuarterShown:
    """What the city counts for a county since the last signature, with the list; the county hears it."""

    async def create() -> QuarterShown:
        on = body.on or tx.node.today()
        return await _show(
            tx, (await quarters.state_quarter(tx, body.agreement, body.county, body.period, on)).id, response
        )

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{quarter}", summary="查看季度签认 One quarter")
async def show_quarter(
    caller: Annotated[Caller, allow("jobs.quarter.show")], tx: Reading, quarter: UUID, response: Response
) -> QuarterShown:
    """How it stands, and what was settled why."""
    return await _show(tx, quarter, response)


@router.get("/{quarter}/entries", summary="季度签认明细 What each side counts")
async def list_entries(
    caller: Annotated[Caller, allow("jobs.quarter.entries")],
    tx: Reading,
    quarter: UUID,
    after: After = None,
    limit: Limit = 50,
    differing: Annotated[Asked[Flag], Query(description="those of one side alone")] = False,
) -> Page[EntryShown]:
    """By introduction and fair; no name. Those of one side alone are the differences."""
    begin = after_number(after, EntryShown.__name__)
    found = await quarters.compare_entries(tx, quarter)
    shown = [
        EntryShown(**vars(entry), held_by=side, quarter=quarter)
        for entry, side in found
        if not differing or side != "both"
    ]
    return page_of(shown[begin : begin + limit + 1], limit, lambda _: begin + limit)


export_list(router, "/{quarter}/entries.xlsx", list_entries, ENTRIES)


@router.post("/{quarter}/sign", summary="县方签认 Compare and sign")
async def sign_quarter(
    caller: Annotated[Caller, allow("jobs.quarter.sign")], tx: Tx, quarter: UUID, body: QuarterSign, response: Response
) -> QuarterShown:
    """The county's own list beside the city's: the same is signed, another one is a difference that the city hears."""
    await quarters.sign_quarter(tx, quarter, body.on or tx.node.today())
    return await _show(tx, quarter, response)


@router.post("/{quarter}/accept", summary="裁定差异 Take the other side's word")
async def accept_difference(
    caller: Annotated[Caller, allow("jobs.quarter.accept")],
    tx: Tx,
    quarter: UUID,
    body: DifferenceAccept,
    response: Response,
) -> QuarterShown:
    """On one introduction or fair, with a reason that both sides read; what this side counts is stated anew."""
    on = body.on or tx.node.today()
    await quarters.accept_difference(tx, quarter, body.kind, body.reference, body.reason, body.note, caller.subject, on)
    return await _show(tx, quarter, response)


async def _show(tx: Transaction, quarter: UUID, response: Response) -> QuarterShown:
    found = await store.get_quarter(tx, quarter)
    response.headers["ETag"] = etag(found.version)
    settled = [SettledShown.model_validate(each) for each in await store.list_settlements(tx, found)]
    return QuarterShown.model_validate(found).model_copy(update={"settled": settled})
