"""The door to checks of a firm's hires: drawn, listed, answered, judged, concluded."""

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
    allow,
    answer_once,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Uscc
from services.jobs.operations import checks
from services.jobs.rules.checks import CheckState, ChecksWanted, Outcome
from services.jobs.schemas.checks import (
    CheckConclusion,
    CheckNew,
    CheckShown,
    CheckWithLines,
    LineAnswer,
    LineJudgement,
    LineShown,
)
from services.jobs.schemas.list_sheets import CHECKS
from services.jobs.store import checks as store

router = APIRouter(prefix="/jobs/v1/checks", tags=["checks"])


@router.get("", summary="抽查清单 List checks of firms' hires")
async def list_checks(
    caller: Annotated[Caller, allow("jobs.check.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[CheckState | None, Query(description="待答复, 待判定, 待办结 or 已办结")] = None,
    outcome: Annotated[Outcome | None, Query(description="兑现 or 未兑现")] = None,
    employer: Annotated[Uscc | None, Query(description="credit code of the firm")] = None,
) -> Page[CheckShown]:
    """Whose turn it is, until when, and how many lines are answered and judged; a firm sees its own."""
    wanted = ChecksWanted(state=state, outcome=outcome, employer_uscc=employer)
    rows = await store.list_checks(tx, wanted, after=after_id(after, CheckShown), limit=limit)
    return page_of([CheckShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_checks, CHECKS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/checks/{id}"), summary="发起抽查 Draw a check")
async def draw_check(
    caller: Annotated[Caller, allow("jobs.check.create")], tx: Tx, once: Idempotency, body: CheckNew, response: Response
) -> CheckWithLines:
    """Of the hires of a time, a number or a share, by a seed that is kept. 409 where nobody was hired then."""

    async def create() -> CheckWithLines:
        facts = body.model_dump(exclude={"employer_uscc", "city"})
        city = body.city or tx.node.code
        made = await checks.draw_check(tx, caller, body.employer_uscc, **facts, city=city)
        return await _show(tx, made, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{check}", summary="查看抽查 One check with its lines")
async def show_check(
    caller: Annotated[Caller, allow("jobs.check.show")], tx: Reading, check: UUID, response: Response
) -> CheckWithLines:
    """One check with everything that was drawn, answered and judged."""
    return await _show(tx, check, response)


@router.get("/{check}/lines/{line}", summary="查看抽查的一条 One line of a check")
async def show_line(
    caller: Annotated[Caller, allow("jobs.check.show")], tx: Reading, check: UUID, line: UUID
) -> LineShown:
    """One hire that is asked about, with what the firm has said and how it was judged."""
    return LineShown.model_validate(await store.get_line(tx, check, line))


@router.post("/{check}/lines/{line}/answer", summary="答复抽查 Answer a line of a check")
async def answer_line(
    caller: Annotated[Caller, allow("jobs.check.answer")],
    tx: Tx,
    check: UUID,
    line: UUID,
    body: LineAnswer,
    response: Response,
) -> CheckWithLines:
    """By the firm, or by an officer to whom it has come on paper; said again before it is judged, the last word stands."""
    on = body.on or tx.node.today()
    await checks.answer_line(tx, check, line, answer=body.answer, reference=body.reference, on=on)
    return await _show(tx, check, response)


@router.post("/{check}/lines/{line}/judge", summary="判定一条 Judge a line of a check")
async def judge_line(
    caller: Annotated[Caller, allow("jobs.check.judge")],
    tx: Tx,
    check: UUID,
    line: UUID,
    body: LineJudgement,
    response: Response,
) -> CheckWithLines:
    """Once, with a reason unless it was kept. What is not answered in time is judged so by itself after a warning."""
    on = body.on or tx.node.today()
    await checks.judge_line(tx, caller, check, line, verdict=body.verdict, why=body.why, on=on)
    return await _show(tx, check, response)


@router.post("/{check}/conclude", summary="办结抽查 Conclude a check, with what follows")
async def conclude_check(
    caller: Annotated[Caller, allow("jobs.check.conclude")],
    tx: Tx,
    check: UUID,
    body: CheckConclusion,
    response: Response,
) -> CheckWithLines:
    """When every line is judged: nothing follows, the firm's designations end, or it is blacklisted, together with this or not at all."""
    facts = body.model_dump(exclude={"on"})
    await checks.conclude_check(tx, caller, check, **facts, on=body.on or tx.node.today())
    return await _show(tx, check, response)


async def _show(tx: Transaction, check: UUID, response: Response) -> CheckWithLines:
    found = await store.get_check(tx, check)
    response.headers["ETag"] = etag(found.version)
    shown = CheckShown.model_validate(found).model_dump()
    return CheckWithLines.model_validate({**shown, "lines": await store.list_lines(tx, check)})
