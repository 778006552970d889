"""The door to employers: listed, counted, shown, entered, corrected; contact and phone to officers and the firm itself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

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
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Asked, Flag, Label
from services.jobs.operations import employers
from services.jobs.operations.sealing import SEALED, open_sealed
from services.jobs.rules.employers import Employer, EmployerSort, EmployerState, EmployersWanted
from services.jobs.rules.history import KeptChange, masked
from services.jobs.schemas.employers import (
    EmployerChange,
    EmployerChangeShown,
    EmployerNew,
    EmployersCounted,
    EmployerShown,
)
from services.jobs.schemas.list_sheets import EMPLOYERS
from services.jobs.store import changes
from services.jobs.store import employers as store

router = APIRouter(prefix="/jobs/v1", tags=["employers"])


async def wanted_of(
    tx: Reading,
    q: Annotated[Label | None, Query(description="part of the name or of the credit code")] = None,
    state: Annotated[EmployerState | None, Query(description="all but those merged into others when left out")] = None,
    designated: Annotated[Asked[Flag] | None, Query(description="定点接收单位 only, or all others")] = None,
    base: Annotated[Asked[Flag] | None, Query(description="就业扶贫基地 only, or all others")] = None,
    blacklisted: Annotated[Asked[Flag] | None, Query(description="those blacklisted today, or all others")] = None,
    industry: Annotated[Label | None, Query(description="行业")] = None,
    district: Annotated[Label | None, Query(description="区")] = None,
) -> EmployersWanted:
    return EmployersWanted(
        today=tx.node.today(),
        q=q,
        state=state,
        designated=designated,
        base=base,
        blacklisted=blacklisted,
        industry=industry,
        district=district,
    )


Wanted = Annotated[EmployersWanted, Depends(wanted_of)]


@router.get("/employers", summary="企业名单 List employers")
async def list_employers(
    caller: Annotated[Caller, allow("jobs.employer.list")],
    tx: Reading,
    wanted: Wanted,
    sort: Annotated[EmployerSort, Query(description="order of entry, or of names")] = "entry",
    after: After = None,
    limit: Limit = 50,
) -> Page[EmployerShown]:
    """Employers of the caller's regions who meet all that is asked for; a firm sees itself."""
    asked = EmployersWanted(**vars(wanted) | {"sort": sort})
    rows = await store.list_employers(tx, asked, after=after_id(after, EmployerShown), limit=limit)
    return page_of([show_employer_to(caller, tx, row) for row in rows], limit, lambda shown: shown.id)


export_list(router, "/employers.xlsx", list_employers, EMPLOYERS)


@router.get("/employers/counts", summary="单位数 How many employers there are")
async def count_employers(
    caller: Annotated[Caller, allow("jobs.employer.list")], tx: Reading, wanted: Wanted
) -> EmployersCounted:
    """How many a list with the same filters holds."""
    return EmployersCounted(employers=await store.count_employers(tx, wanted))


@router.post(
    "/employers", status_code=201, responses=made_at("/jobs/v1/employers/{id}"), summary="登记单位 Enter an employer"
)
async def enter_employer(
    caller: Annotated[Caller, allow("jobs.employer.create")],
    tx: Tx,
    once: Idempotency,
    body: EmployerNew,
    response: Response,
) -> EmployerShown:
    """An officer's is listed at once; a firm's own (单位注册) waits for an officer. One that is on the list is a 409 whose
    `known_as` is its address."""

    async def create() -> EmployerShown:
        city, on = body.city or tx.node.code, body.on or tx.node.today()
        made = await employers.enter_employer(tx, caller, body.uscc, body.facts(), city=city, on=on)
        return answer_with(caller, tx, made, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/employers/{employer}", summary="查看企业 One employer")
async def show_employer(
    caller: Annotated[Caller, allow("jobs.employer.show")], tx: Reading, employer: UUID, response: Response
) -> EmployerShown:
    """An employer with what was decided, and the ETag that a correction needs."""
    return answer_with(caller, tx, await store.get_employer(tx, employer), response)


@router.patch("/employers/{employer}", summary="更正单位 Correct an employer")
async def change_employer(
    caller: Annotated[Caller, allow("jobs.employer.change")],
    tx: Tx,
    employer: UUID,
    body: EmployerChange,
    version: IfMatch,
    response: Response,
) -> EmployerShown:
    """What is said is other from now on; the firm's vacancies carry its name. Another contact has to be called again."""
    on = body.on or tx.node.today()
    changed = await employers.change_employer(
        tx, caller, employer, body.said(), version=version, reason=body.reason, on=on
    )
    return answer_with(caller, tx, changed, response)


@router.get("/employers/{employer}/history", summary="变更记录 Everything that was written of an employer")
async def list_history(
    caller: Annotated[Caller, allow("jobs.employer.history")],
    tx: Reading,
    employer: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[EmployerChangeShown]:
    """Who wrote what and when, as it stood before and after; the newest first."""
    await store.get_employer(tx, employer)
    before = after_id(after, EmployerChangeShown)
    found = await changes.list_changes(tx, employer, before=before, limit=limit + 1)
    return page_of([_show_change(caller, tx, each) for each in found], limit, lambda each: each.id)


def _show_change(caller: Caller, tx: Transaction, change: KeptChange) -> EmployerChangeShown:
    def opened(sealed: bytes, side: str) -> str:
        text = tx.node.vault.decrypt(sealed, context=f"jobs.change.{side}")
        return masked(change.field, text, whole="contact" in caller.fields)

    return EmployerChangeShown(
        id=change.id,
        at=change.at,
        who=change.by,
        source=change.source,
        field=change.field,
        before=opened(change.before, "before"),
        after=opened(change.after, "after"),
        reason=change.reason,
    )


def answer_with(caller: Caller, tx: Transaction, employer: Employer, response: Response) -> EmployerShown:
    """One employer, with the ETag of what is answered."""
    response.headers["ETag"] = etag(employer.version)
    return show_employer_to(caller, tx, employer)


def show_employer_to(caller: Caller, tx: Transaction, employer: Employer) -> EmployerShown:
    listed = employer.blacklisted_on(tx.node.today())
    shown = EmployerShown.model_validate({**vars(employer), "blacklisted": listed, "contact": None, "phone": None})
    if "contact" not in caller.fields:
        return shown
    return shown.model_copy(update={field: open_sealed(tx.node.vault, employer, field) for field in SEALED})
