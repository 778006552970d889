"""The door to spells: start, correct, end, wages."""

from __future__ import annotations

from dataclasses import asdict
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
    check_version,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Asked, Flag, Uscc
from services.retention.operations import spells, wages
from services.retention.schemas.list_sheets import SPELLS
from services.retention.schemas.spells import (
    Spell,
    SpellCorrection,
    SpellDraft,
    SpellEnd,
    SpellWithWages,
    Wage,
    WageDraft,
)
from services.retention.store import spells as store

router = APIRouter(prefix="/retention/v1", tags=["spells 就业"])


@router.get("/spells", summary="就业台账 List spells")
async def list_spells(
    tx: Reading,
    _: Annotated[Caller, allow("retention.spell.list")],
    open: Annotated[Asked[Flag] | None, Query(description="true: still in work; false: ended")] = None,
    employer: Annotated[Uscc | None, Query(description="统一社会信用代码 USCC")] = None,
    introduction: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Spell]:
    """Spells of the caller's regions, oldest first: at a county its people, in a city its guests, for an employer its own."""
    rows = await store.list_spells(
        tx, after_id(after, Spell), limit, open=open, employer=employer, introduction_id=introduction
    )
    return page_of([Spell.model_validate(row) for row in rows], limit, lambda spell: spell.id)


export_list(router, "/spells.xlsx", list_spells, SPELLS)


@router.post("/spells", status_code=201, responses=made_at("/retention/v1/spells/{id}"), summary="上岗 Start a spell")
async def start_spell(
    draft: SpellDraft, tx: Tx, _: Annotated[Caller, allow("retention.spell.start")], once: Idempotency
) -> Spell:
    """Someone hired at this node begins to work (officer, or the employer itself). The home county is told, and the
    quarter's verification moves here. 409 when nobody hired, or a spell is open already."""

    async def create() -> Spell:
        spell = await spells.start_spell(
            tx, draft.introduction, start=draft.start, wage_fen=draft.wage_fen, assisted=draft.assisted
        )
        return Spell.model_validate(spell)

    answer: Spell = await answer_once(tx, once, create)
    return answer


@router.get("/spells/{id}", summary="一段就业 One spell with its wages")
async def get_spell(
    id: UUID, tx: Reading, _: Annotated[Caller, allow("retention.spell.show")], response: Response
) -> SpellWithWages:
    """A spell and the months paid so far. The ETag is the base of a correction."""
    spell = await store.get_spell(tx, id)
    response.headers["ETag"] = etag(spell.version)
    paid = [Wage.model_validate(wage) for wage in await store.list_wages(tx, id)]
    return SpellWithWages(**asdict(spell), wages=paid)


@router.patch("/spells/{id}", summary="更正 Correct a spell")
async def correct_spell(
    id: UUID,
    correction: SpellCorrection,
    tx: Tx,
    _: Annotated[Caller, allow("retention.spell.correct")],
    version: IfMatch,
    response: Response,
) -> Spell:
    """Put right what was entered wrongly, on the base of the version that was read. The home county is told."""
    spell = await spells.own_spell(tx, id)
    check_version(version, spell.version)
    corrected = await spells.correct_spell(tx, spell, start=correction.start, wage_fen=correction.wage_fen)
    response.headers["ETag"] = etag(corrected.version)
    return Spell.model_validate(corrected)


@router.post("/spells/{id}/end", summary="离岗 End a spell")
async def end_spell(id: UUID, draft: SpellEnd, tx: Tx, _: Annotated[Caller, allow("retention.spell.end")]) -> Spell:
    """The spell ends with its reason; `returned_home` puts the person on the home county's list again. 409 when it has ended."""
    ended = await spells.end_spell(tx, id, end=draft.end, reason=draft.reason, returned_home=draft.returned_home)
    return Spell.model_validate(ended)


@router.post(
    "/spells/{id}/wages",
    status_code=201,
    responses=made_at("/retention/v1/spells/{spell}"),
    summary="工资 Record a month's wage",
)
async def record_wage(
    id: UUID, draft: WageDraft, tx: Tx, _: Annotated[Caller, allow("retention.wage.record")], once: Idempotency
) -> Wage:
    """What was paid for a month, with the grade of its evidence; stated again for a month, it replaces what stood there."""

    async def create() -> Wage:
        return Wage.model_validate(await wages.record_wage(tx, id, **draft.model_dump()))

    answer: Wage = await answer_once(tx, once, create)
    return answer
