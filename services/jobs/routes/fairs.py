"""The door to job fairs: entered, listed, shown with the firms that come, corrected, opened, cancelled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import (
    After,
    Idempotency,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.values import Day
from services.jobs.operations import fairs
from services.jobs.rules.fairs import Booth, Fair, FairState, FairsWanted
from services.jobs.schemas.fairs import (
    BoothGone,
    BoothNew,
    BoothShown,
    FairCancel,
    FairChange,
    FairListed,
    FairNew,
    FairShown,
)
from services.jobs.schemas.list_sheets import FAIRS
from services.jobs.store import booths
from services.jobs.store import fairs as store

router = APIRouter(prefix="/jobs/v1/fairs", tags=["fairs"])


@router.get("", summary="招聘会清单 List the fairs of this node")
async def list_fairs(
    caller: Annotated[Caller, allow("jobs.fair.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[FairState | None, Query(description="how it stands")] = None,
    since: Annotated[Day | None, Query(description="on this day or later")] = None,
) -> Page[FairListed]:
    """Those of this node, with how many firms come; partners' fairs are on matching's list."""
    wanted = FairsWanted(state=state, since=since)
    rows = await store.list_fairs(tx, wanted, after=after_id(after, FairListed), limit=limit)
    return page_of([FairListed.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_fairs, FAIRS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/fairs/{id}"), summary="登记招聘会 Enter a fair")
async def enter_fair(
    caller: Annotated[Caller, allow("jobs.fair.create")], tx: Tx, once: Idempotency, body: FairNew, response: Response
) -> FairShown:
    """Partners hear of it at once, as planned."""

    async def create() -> FairShown:
        facts = body.model_dump(exclude={"place", "city"})
        here = tx.node.code
        made = Fair(**facts, id=new_id(), city=body.city or here, place=body.place or here, entered_by=caller.subject)
        await fairs.enter_fair(tx, made, tx.node.today())
        return await _show(tx, made.id, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{fair}", summary="查看招聘会 One fair with its firms")
async def show_fair(
    caller: Annotated[Caller, allow("jobs.fair.show")], tx: Reading, fair: UUID, response: Response
) -> FairShown:
    """With the firms that come and what they offer today."""
    return await _show(tx, fair, response)


@router.patch("/{fair}", summary="更正招聘会 Correct a fair")
async def change_fair(
    caller: Annotated[Caller, allow("jobs.fair.change")],
    tx: Tx,
    fair: UUID,
    body: FairChange,
    version: IfMatch,
    response: Response,
) -> FairShown:
    """Until it has been held; whoever has signed up stays signed up."""
    await fairs.change_fair(tx, fair, body.said(), version=version, on=tx.node.today())
    return await _show(tx, fair, response)


@router.post("/{fair}/open", summary="开放报名 Let people sign up")
async def open_fair(
    caller: Annotated[Caller, allow("jobs.fair.open")], tx: Tx, fair: UUID, response: Response
) -> FairShown:
    """With a firm at least, until its day is over."""
    await fairs.open_fair(tx, fair, tx.node.today())
    return await _show(tx, fair, response)


@router.post("/{fair}/cancel", summary="取消招聘会 Cancel a fair")
async def cancel_fair(
    caller: Annotated[Caller, allow("jobs.fair.cancel")], tx: Tx, fair: UUID, body: FairCancel, response: Response
) -> FairShown:
    """With a reason that everybody hears; what was signed stays signed."""
    await fairs.cancel_fair(tx, fair, reason=body.reason, on=tx.node.today())
    return await _show(tx, fair, response)


@router.post("/{fair}/booths", summary="登记展位 A firm comes to a fair")
async def put_booth(
    caller: Annotated[Caller, allow("jobs.fair.change")], tx: Tx, fair: UUID, body: BoothNew, response: Response
) -> FairShown:
    """A firm has one booth; entered again, it stands there as it is said now."""
    facts = body.model_dump(exclude={"city"})
    booth = Booth(**facts, fair=fair, employer=None, city=body.city or tx.node.code)
    await fairs.put_booth(tx, fair, booth, tx.node.today())
    return await _show(tx, fair, response)


@router.post("/{fair}/booths/remove", summary="撤展位 A firm does not come")
async def remove_booth(
    caller: Annotated[Caller, allow("jobs.fair.change")], tx: Tx, fair: UUID, body: BoothGone, response: Response
) -> FairShown:
    """Whoever has signed there stays signed."""
    await fairs.remove_booth(tx, fair, body.employer_uscc, tx.node.today())
    return await _show(tx, fair, response)


async def _show(tx: Transaction, fair: UUID, response: Response) -> FairShown:
    found = await store.get_fair(tx, fair)
    response.headers["ETag"] = etag(found.version)
    firms = [BoothShown.model_validate(each) for each in await booths.list_shown_booths(tx, fair)]
    return FairShown.model_validate({**vars(found), "firms": firms})
