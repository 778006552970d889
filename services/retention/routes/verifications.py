"""The door to the quarter's verifications and to the retention rate."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.calendar import is_quarter_end, last_quarter_end
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.small_numbers import EXACT
from libs.common.values import Asked, Count, Day, Division, Flag, NodeName, Quarter
from services.retention.operations import rates, verification
from services.retention.rules.rate import RULE
from services.retention.schemas.list_sheets import CHECKED, VERIFICATIONS
from services.retention.schemas.verifications import (
    Checked,
    CheckedList,
    QuarterDraft,
    QuarterOpened,
    RetentionRate,
    Verification,
    VerificationAnswer,
)
from services.retention.store import rates as checks
from services.retention.store import verifications as store

router = APIRouter(prefix="/retention/v1", tags=["verification 核查"])
Months = Annotated[Asked[Count], Query(ge=1, le=36, description="k: months after the first day in work")]
AsOf = Annotated[Day | None, Query(description="Facts up to this day; default today")]


@router.get("/verifications", summary="核查清单 List a quarter's verifications")
async def list_verifications(
    tx: Reading,
    _: Annotated[Caller, allow("retention.verification.list")],
    quarter: Quarter,
    owner: Annotated[NodeName | None, Query(description="Only tasks of this node")] = None,
    answered: Asked[Flag] | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Verification]:
    """Who is to be verified in a quarter and by whom: the city where the person works, the home county otherwise."""
    rows = await store.list_verifications(
        tx, quarter, after_id(after, Verification), limit, owner=owner, answered=answered
    )
    return page_of([Verification.model_validate(row) for row in rows], limit, lambda task: task.id)


export_list(router, "/verifications.xlsx", list_verifications, VERIFICATIONS)


@router.post("/verifications", summary="季初派发 Open a quarter's list")
async def open_quarter(
    draft: QuarterDraft, tx: Tx, _: Annotated[Caller, allow("retention.verification.open")]
) -> QuarterOpened:
    """Put everyone placed on the quarter's list, with the owner by the situation of its first day. Repeating adds nothing."""
    return QuarterOpened(quarter=draft.quarter, added=await verification.open_quarter(tx, draft.quarter))


@router.post("/verifications/{id}/answer", summary="核查结果 Answer a verification")
async def answer_verification(
    id: UUID, draft: VerificationAnswer, tx: Tx, _: Annotated[Caller, allow("retention.verification.answer")]
) -> Verification:
    """What the owner found and how it is known. 409 when the task belongs to the other side."""
    row = await verification.answer_verification(tx, id, outcome=draft.outcome, grade=draft.grade, on=draft.on)
    return Verification.model_validate(row)


@router.get("/retention-rate", summary="稳岗率 Retention rate")
async def count_retention(
    tx: Reading,
    caller: Annotated[Caller, allow("retention.rate.show")],
    month: Months,
    as_of: AsOf = None,
    county: Division | None = None,
    city: Division | None = None,
) -> RetentionRate:
    """Of those placed whose k-month check is due: in work on that day at the same employer, and at any. The rule's version,
    numerators and denominator are part of the answer; who could not be reached stays in the denominator.

    To a role without `exact`: at ends of quarters, over all places at once, counts of 1 to 4 as `<5` and others to the nearest five."""
    if EXACT in caller.fields:
        return RetentionRate.exactly(
            await rates.count_retention(tx, month=month, as_of=as_of or tx.node.today(), county=county, city=city)
        )
    day = _whole_picture(as_of or last_quarter_end(tx.node.today()), county, city)
    return RetentionRate.told(await rates.count_retention(tx, month=month, as_of=day, county=None, city=None))


@router.get("/retention-rate/list", summary="稳岗率名单 The list behind a retention rate")
async def list_checked(
    tx: Reading,
    _: Annotated[Caller, allow("retention.rate.list")],
    month: Months,
    as_of: AsOf = None,
    county: Division | None = None,
    city: Division | None = None,
    after: After = None,
    limit: Limit = 50,
) -> CheckedList:
    """The rate's denominator one by one: whose check was due when, how it stands and by what evidence."""
    day = as_of or tx.node.today()
    rows = await checks.list_checks(tx, month, day, county, city, after_id(after, Checked), limit)
    page = page_of([Checked.of(row) for row in rows], limit, lambda check: check.introduction)
    return CheckedList(month=month, as_of=day, rule=RULE, items=page.items, next=page.next)


export_list(router, "/retention-rate/list.xlsx", list_checked, CHECKED)


def _whole_picture(day: date, county: str | None, city: str | None) -> date:
    """Answers that lie close together, a day or a place apart, would tell a single person by their difference."""
    if not is_quarter_end(day):
        raise refuse_field(
            "/query/as_of",
            "quarter_end",
            "只在季末统计 Counted at the ends of quarters alone: 03-31, 06-30, 09-30, 12-31.",
        )
    for name, place in (("county", county), ("city", city)):
        if place is not None:
            raise refuse_field(
                f"/query/{name}",
                "whole_only",
                "此角色只能查看合计 This role is told the whole alone: leave the place out.",
            )
    return day
