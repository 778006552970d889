"""Risks (风险) of a spell: so far notices given, with the clock they started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.retention.tables import introduction, risk, spell


class RiskUnknown(NotFound):
    title = "没有这项风险 No such risk"


async def put_risk(tx: Transaction, id: UUID, **facts: Any) -> None:
    """Write a risk as it stands now."""
    statement = insert(risk).values(id=id, **facts)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=facts))


async def get_risk(tx: Transaction, id: UUID) -> Row[Any]:
    query = select(risk, spell.c.introduction, spell.c.county, spell.c.city, spell.c.employer_uscc, spell.c.vacancy)
    row = (
        await tx.execute(query.join(spell, spell.c.id == risk.c.spell).where(risk.c.id == id, within(risk, tx.reach)))
    ).one_or_none()
    if row is None:
        raise RiskUnknown(f"{id}")
    return row


async def find_open_risk(tx: Transaction, spell_id: UUID) -> Row[Any] | None:
    query = select(risk).where(risk.c.spell == spell_id, risk.c.answer.is_(None)).with_for_update()
    return (await tx.execute(query)).one_or_none()


async def answer_risk(tx: Transaction, id: UUID, *, answer: str, on: date, answer_spell: UUID | None = None) -> None:
    await tx.execute(
        update(risk).where(risk.c.id == id).values(answer=answer, answered_on=on, answer_spell=answer_spell)
    )


async def list_risks(tx: Transaction, after: UUID | None, limit: int, as_of: date) -> Sequence[Row[Any]]:
    """Risks known on a day, oldest first."""
    query = select(
        risk, spell.c.introduction, spell.c.employer_uscc, spell.c.vacancy, introduction.c.person, introduction.c.guest
    )
    joined = spell.join(introduction, introduction.c.id == spell.c.introduction).join(risk, risk.c.spell == spell.c.id)
    query = query.select_from(joined).where(within(risk, tx.reach), risk.c.on <= as_of)
    if after is not None:
        query = query.where(risk.c.id > after)
    return (await tx.execute(query.order_by(risk.c.id).limit(limit + 1))).all()
