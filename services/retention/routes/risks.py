"""The door to notices, risks with their clock, and transfers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import Row

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.identity import Caller
from libs.common.values import Day
from services.retention.operations import transfers
from services.retention.rules import notice
from services.retention.schemas.spells import NoticeDraft, Risk, Spell, TransferDraft
from services.retention.store import risks as store

router = APIRouter(prefix="/retention/v1", tags=["risks 转岗不返乡"])


@router.post(
    "/spells/{id}/notice",
    status_code=201,
    responses=made_at("/retention/v1/risks/{id}"),
    summary="预告离岗 Give notice",
)
async def give_notice(
    id: UUID, draft: NoticeDraft, tx: Tx, _: Annotated[Caller, allow("retention.risk.give_notice")], once: Idempotency
) -> Risk:
    """The employer (or an officer) says that somebody must leave; from that day the city has 48 hours to offer another post."""

    async def create() -> Risk:
        facts: dict[str, Any] = draft.model_dump()
        return as_seen(await transfers.give_notice(tx, id, **facts), draft.on)

    answer: Risk = await answer_once(tx, once, create)
    return answer


@router.post(
    "/spells/{id}/transfer",
    status_code=201,
    responses=made_at("/retention/v1/spells/{id}"),
    summary="转岗 Take another post in the city",
)
async def transfer(
    id: UUID, draft: TransferDraft, tx: Tx, _: Annotated[Caller, allow("retention.spell.transfer")], once: Idempotency
) -> Spell:
    """A vetted vacancy of the same city is taken: the old spell ends as a transfer, the new one names it as `previous`.
    409 when the vacancy is withdrawn, full or the same."""

    async def create() -> Spell:
        facts: dict[str, Any] = draft.model_dump()
        row = await transfers.transfer(tx, id, vacancy_id=facts.pop("vacancy"), **facts)
        return Spell.model_validate(row)

    answer: Spell = await answer_once(tx, once, create)
    return answer


@router.get("/risks", summary="风险清单 List risks with their clock")
async def list_risks(
    tx: Reading,
    _: Annotated[Caller, allow("retention.risk.list")],
    as_of: Annotated[Day | None, Query(description="Where the clock stands on this day; default today")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Risk]:
    """Notices known on a day: open, overdue, answered in time, or answered late."""
    day = as_of or tx.node.today()
    rows = await store.list_risks(tx, after_id(after, Risk), limit, day)
    return page_of([as_seen(row, day) for row in rows], limit, lambda risk: risk.id)


@router.get("/risks/{id}", summary="一项风险 One risk with its clock")
async def get_risk(
    id: UUID,
    tx: Reading,
    _: Annotated[Caller, allow("retention.risk.show")],
    as_of: Annotated[Day | None, Query(description="Default today")] = None,
) -> Risk:
    """A notice and where its clock stands on a day."""
    return as_seen(await store.get_risk(tx, id), as_of or tx.node.today())


def as_seen(row: Row[Any], as_of: date) -> Risk:
    """A risk with the clock's state on a day; what was answered later is not known yet on that day."""
    known = row.answered_on is not None and row.answered_on <= as_of
    return Risk(
        id=row.id,
        spell=row.spell,
        introduction=row.introduction,
        employer_uscc=row.employer_uscc,
        vacancy=row.vacancy,
        kind=row.kind,
        reason=row.reason,
        on=row.on,
        last_day=row.last_day,
        deadline=row.deadline,
        state=notice.state_of(row.deadline, row.answered_on, as_of),
        hours_left=notice.hours_left(row.deadline, as_of),
        answered_on=row.answered_on if known else None,
        answer=row.answer if known else None,
        answer_spell=row.answer_spell if known else None,
        as_of=as_of,
        rule=notice.RULE,
    )
