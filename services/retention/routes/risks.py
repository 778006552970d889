"""The door to notices, risks with their clock, and transfers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Day
from services.retention.operations import transfers
from services.retention.schemas.list_sheets import RISKS
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
        risk = await transfers.give_notice(tx, id, on=draft.on, last_day=draft.last_day, reason=draft.reason)
        return Risk.of(risk, draft.on)

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
        spell = await transfers.transfer(
            tx, id, vacancy_id=draft.vacancy, on=draft.on, start=draft.start, wage_fen=draft.wage_fen
        )
        return Spell.model_validate(spell)

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
    risks = await store.list_risks(tx, after_id(after, Risk), limit, day)
    return page_of([Risk.of(risk, day) for risk in risks], limit, lambda risk: risk.id)


export_list(router, "/risks.xlsx", list_risks, RISKS)


@router.get("/risks/{id}", summary="一项风险 One risk with its clock")
async def get_risk(
    id: UUID,
    tx: Reading,
    _: Annotated[Caller, allow("retention.risk.show")],
    as_of: Annotated[Day | None, Query(description="Default today")] = None,
) -> Risk:
    """A notice and where its clock stands on a day."""
    return Risk.of(await store.get_risk(tx, id), as_of or tx.node.today())
