"""Risks (风险) of a spell: so far notices given, with the clock they started."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.retention.rules.notice import Notice, Risk
from services.retention.tables import risk, spell


class RiskUnknown(NotFound):
    title = "没有这项风险 No such risk"


async def upsert_notice(tx: Transaction, notice: Notice) -> None:
    """Write a notice as it stands now."""
    facts = asdict(notice)
    await tx.execute(insert(risk).values(**facts).on_conflict_do_update(index_elements=["id"], set_=facts))


def _query() -> Select[Any]:
    work = (spell.c.introduction, spell.c.county, spell.c.city, spell.c.employer_uscc, spell.c.vacancy)
    return select(risk, *work).join(spell, spell.c.id == risk.c.spell)


async def get_risk(tx: Transaction, id: UUID) -> Risk:
    row = (await tx.execute(_query().where(risk.c.id == id, within(risk, tx.reach)))).one_or_none()
    if row is None:
        raise RiskUnknown(f"{id}")
    return Risk(**row._asdict())


async def lock_open_notice(tx: Transaction, spell_id: UUID) -> Notice | None:
    """The notice of a spell that nothing has answered yet, if there is one."""
    query = select(risk).where(risk.c.spell == spell_id, risk.c.answer.is_(None)).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return Notice(**row._asdict()) if row else None


async def update_answer(tx: Transaction, id: UUID, *, answer: str, on: date, answer_spell: UUID | None = None) -> None:
    await tx.execute(
        update(risk).where(risk.c.id == id).values(answer=answer, answered_on=on, answer_spell=answer_spell)
    )


async def list_risks(tx: Transaction, after: UUID | None, limit: int, as_of: date) -> list[Risk]:
    """Risks known on a day, oldest first."""
    query = _query().where(within(risk, tx.reach), risk.c.on <= as_of)
    if after is not None:
        query = query.where(risk.c.id > after)
    return [Risk(**row._asdict()) for row in await tx.execute(query.order_by(risk.c.id).limit(limit + 1))]
