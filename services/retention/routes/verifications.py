"""The door to the quarter's verifications and to the retention rate."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.identity import Caller
from libs.common.values import Asked, Count, Day, Division, Flag, NodeName, Quarter
from services.retention.operations import rates, verification
from services.retention.rules.rate import RULE, Rate
from services.retention.schemas.verifications import (
    Checked,
    CheckedList,
    QuarterDraft,
    QuarterOpened,
    RetentionRate,
    Share,
    Verification,
    VerificationAnswer,
)  # fmt: skip
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
    rows = await store.list_verifications(tx, quarter, after_id(after, Verification), limit, owner=owner, answered=answered)
    return page_of([Verification.model_validate(row) for row in rows], limit, lambda task: task.id)


@router.post("/verifications", summary="季初派发 Open a quarter's list")
async def open_quarter(draft: QuarterDraft, tx: Tx, _: Annotated[Caller, allow("retention.verification.open")]) -> QuarterOpened:
    """Put everyone placed on the quarter's list, with the owner by the situation of its first day. Repeating adds nothing."""
    return QuarterOpened(quarter=draft.quarter, added=await verification.open_quarter(tx, draft.quarter))


@router.post("/verifications/{id}/answer", summary="核查结果 Answer a verification")
async def answer_verification(id: UUID, draft: VerificationAnswer, tx: Tx, _: Annotated[Caller, allow("retention.verification.answer")]) -> Verification:
    """What the owner found and how it is known. 409 when the task belongs to the other side."""
    row = await verification.answer_verification(tx, id, outcome=draft.outcome, grade=draft.grade, on=draft.on)
    return Verification.model_validate(row)


@router.get("/retention-rate", summary="稳岗率 Retention rate")
async def count_retention(
    tx: Reading, _: Annotated[Caller, allow("retention.rate.show")], month: Months, as_of: AsOf = None, county: Division | None = None, city: Division | None = None
) -> RetentionRate:
    """Of those placed whose k-month check is due: in work on that day at the same employer, and at any. The rule's version,
    numerators and denominator are part of the answer; who could not be reached stays in the denominator."""
    day = as_of or tx.home.today()
    rate = await rates.count_retention(tx, month=month, as_of=day, county=county, city=city)
    return as_answer(rate)


@router.get("/retention-rate/list", summary="稳岗率名单 The list behind a retention rate")
async def list_checked(
    tx: Reading, _: Annotated[Caller, allow("retention.rate.list")], month: Months, as_of: AsOf = None, county: Division | None = None, city: Division | None = None
) -> CheckedList:
    """The rate's denominator one by one: whose check was due when, how it stands and by what evidence."""
    day = as_of or tx.home.today()
    rows = await rates.list_checked(tx, month=month, as_of=day, county=county, city=city)
    return CheckedList(month=month, as_of=day, rule=RULE, items=[Checked.model_validate(row) for row in rows])


def as_answer(rate: Rate) -> RetentionRate:
    def share(numerator: int) -> Share:
        return Share(
            numerator=numerator, denominator=rate.due, rate=round(numerator / rate.due, 4) if rate.due else None
        )

    return RetentionRate(
        month=rate.month, as_of=rate.as_of, rule=rate.rule, same_employer=share(rate.same_employer), any_employer=share(rate.any_employer),
        left=rate.standings["left"], unreachable=rate.standings["unreachable"], evidence=dict(rate.grades),
    )  # fmt: skip
