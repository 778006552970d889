"""The door to agreements: listed, entered, shown, put right, broken down, confirmed, ended."""

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
from libs.common.database import new_id
from libs.common.identity import Caller
from services.jobs.operations import agreements
from services.jobs.rules.agreements import Agreement, AgreementState, Part, with_totals
from services.jobs.schemas.agreements import (
    AgreementChange,
    AgreementConfirm,
    AgreementEnd,
    AgreementNew,
    AgreementShown,
    TargetSet,
    Totals,
)
from services.jobs.schemas.list_sheets import AGREEMENTS
from services.jobs.store import agreements as store

# What of a body is no column of the agreement itself.
_BESIDES = {*Totals.model_fields, "counties"}

router = APIRouter(prefix="/jobs/v1/agreements", tags=["agreements"])


@router.get("", summary="协作协议清单 List agreements")
async def list_agreements(
    caller: Annotated[Caller, allow("jobs.agreement.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[AgreementState | None, Query(description="draft: not every county has confirmed")] = None,
) -> Page[AgreementShown]:
    """This node's own and those that partners have announced."""
    rows = await store.list_agreements(tx, state=state, after=after_id(after, AgreementShown), limit=limit)
    return page_of([AgreementShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_agreements, AGREEMENTS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/agreements/{id}"), summary="登记协议 Enter an agreement")
async def enter_agreement(
    caller: Annotated[Caller, allow("jobs.agreement.create")],
    tx: Tx,
    once: Idempotency,
    body: AgreementNew,
    response: Response,
) -> AgreementShown:
    """By the destination; in force when every county that signs has confirmed it."""

    async def create() -> AgreementShown:
        facts = body.model_dump(exclude=_BESIDES)
        parts = tuple(Part(county=each) for each in sorted(set(body.counties or ())))
        targets = with_totals((), body.totals())
        made = Agreement(**facts, id=new_id(), destination=tx.node.code, parts=parts, targets=targets)
        return _show(await agreements.enter_agreement(tx, made), response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{agreement}", summary="查看协议 One agreement")
async def show_agreement(
    caller: Annotated[Caller, allow("jobs.agreement.show")], tx: Reading, agreement: UUID, response: Response
) -> AgreementShown:
    """Parties, years, targets, and who has confirmed."""
    return _show(await store.get_agreement(tx, agreement), response)


@router.patch("/{agreement}", summary="更正协议 Correct a draft")
async def change_agreement(
    caller: Annotated[Caller, allow("jobs.agreement.change")],
    tx: Tx,
    agreement: UUID,
    body: AgreementChange,
    version: IfMatch,
    response: Response,
) -> AgreementShown:
    """Whoever had confirmed the former terms confirms again."""
    changes = body.model_dump(exclude=_BESIDES, exclude_none=True)
    counties = None if body.counties is None else tuple(body.counties)
    return _show(
        await agreements.change_agreement(tx, agreement, changes, body.totals(), counties, version=version), response
    )


@router.post("/{agreement}/targets", summary="分解指标 Set one target")
async def set_target(
    caller: Annotated[Caller, allow("jobs.agreement.set_target")],
    tx: Tx,
    agreement: UUID,
    body: TargetSet,
    response: Response,
) -> AgreementShown:
    """Of a year, a county (in a draft, to be confirmed again) or a firm (at any time); the same line twice stands once."""
    return _show(await agreements.set_target(tx, agreement, body.line()), response)


@router.post("/{agreement}/confirm", summary="确认协议 Confirm the terms")
async def confirm_agreement(
    caller: Annotated[Caller, allow("jobs.agreement.confirm")],
    tx: Tx,
    agreement: UUID,
    body: AgreementConfirm,
    response: Response,
) -> AgreementShown:
    """By a county that signs, of the terms as it has heard them; twice is once."""
    return _show(await agreements.confirm_agreement(tx, agreement, body.on or tx.node.today()), response)


@router.post("/{agreement}/end", summary="结束协议 End an agreement before its last day")
async def end_agreement(
    caller: Annotated[Caller, allow("jobs.agreement.end")],
    tx: Tx,
    agreement: UUID,
    body: AgreementEnd,
    response: Response,
) -> AgreementShown:
    """By the destination, with a reason; what was counted stays."""
    on = body.on or tx.node.today()
    return _show(await agreements.end_agreement(tx, agreement, reason=body.reason, on=on), response)


def _show(agreement: Agreement, response: Response) -> AgreementShown:
    response.headers["ETag"] = etag(agreement.version)
    return AgreementShown.model_validate(agreement)
