"""Spells of employment and the wages paid in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.reach import Reach
from libs.common.access.rows import within
from libs.common.database import Transaction, new_id
from services.retention.rules.spells import Spell
from services.retention.tables import introduction, spell, wage


class SpellUnknown(problems.NotFound):
    title = "没有这段就业 No such spell here"


def _query(reach: Reach) -> Select[Any]:
    columns = select(spell, introduction.c.person, introduction.c.guest)
    return columns.join(introduction, introduction.c.id == spell.c.introduction).where(within(spell, reach))


async def get_spell(tx: Transaction, id: UUID) -> Row[Any]:
    """One spell with the person (at the county) or guest (in the city) behind it."""
    row = (await tx.execute(_query(tx.reach).where(spell.c.id == id))).one_or_none()
    if row is None:
        raise SpellUnknown(f"{id}")
    return row


async def lock_spell(tx: Transaction, id: UUID) -> Row[Any]:
    query = _query(tx.reach).where(spell.c.id == id).with_for_update(of=spell)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise SpellUnknown(f"{id}")
    return row


async def list_spells(
    tx: Transaction,
    after: UUID | None,
    limit: int,
    *,
    open: bool | None,
    employer: str | None,
    introduction_id: UUID | None,
) -> Sequence[Row[Any]]:
    query = _query(tx.reach).order_by(spell.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(spell.c.id > after)
    if open is not None:
        query = query.where(spell.c.end.is_(None) if open else spell.c.end.is_not(None))
    if employer is not None:
        query = query.where(spell.c.employer_uscc == employer)
    if introduction_id is not None:
        query = query.where(spell.c.introduction == introduction_id)
    return (await tx.execute(query)).all()


async def find_open_spell(tx: Transaction, introduction_id: UUID) -> Row[Any] | None:
    query = select(spell).where(spell.c.introduction == introduction_id, spell.c.end.is_(None))
    return (await tx.execute(query)).one_or_none()


async def put_spell(tx: Transaction, **facts: Any) -> None:
    """Write a spell as it began, or as it was corrected; how it ended stays as it is."""
    statement = insert(spell).values(**facts)
    changed = {name: value for name, value in facts.items() if name != "id"} | {"version": spell.c.version + 1}
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


async def close_spell(tx: Transaction, id: UUID, *, end: date, reason: str, returned_home: bool) -> bool:
    """End a spell; False when it had ended before, so that a repeated report changes nothing."""
    closed = {"end": end, "reason": reason, "returned_home": returned_home, "version": spell.c.version + 1}
    statement = update(spell).where(spell.c.id == id, spell.c.end.is_(None)).values(**closed).returning(spell.c.id)
    return (await tx.execute(statement)).one_or_none() is not None


async def spells_of(tx: Transaction, *, introduction_id: UUID | None = None, person: UUID | None = None) -> list[Spell]:
    """All spells of an introduction, or of a person over all introductions."""
    query = (
        select(spell, introduction.c.person)
        .join(introduction, introduction.c.id == spell.c.introduction)
        .order_by(spell.c.start)
    )
    query = (
        query.where(spell.c.introduction == introduction_id)
        if person is None
        else query.where(introduction.c.person == person)
    )
    return [as_rule_sees(row) for row in await tx.execute(query)]


def as_rule_sees(row: Row[Any]) -> Spell:
    employer = row.employer_uscc or str(row.vacancy)
    return Spell(row.introduction, row.city, employer, row.start, row.end, row.wage_fen, row.returned_home)


async def put_wage(tx: Transaction, spell_id: UUID, *, month: str, amount_fen: int, evidence: str) -> Row[Any]:
    """What was paid for a month; stated again, it replaces what stood there."""
    facts = {"amount_fen": amount_fen, "evidence": evidence}
    statement = insert(wage).values(id=new_id(), spell=spell_id, month=month, **facts)
    return (
        await tx.execute(statement.on_conflict_do_update(constraint="wage_month", set_=facts).returning(wage))
    ).one()


async def wages_of(tx: Transaction, spell_id: UUID) -> Sequence[Row[Any]]:
    return (await tx.execute(select(wage).where(wage.c.spell == spell_id).order_by(wage.c.month))).all()


async def months_paid(tx: Transaction, introduction_id: UUID) -> list[str]:
    """Months of an introduction for which a line of wages, a payroll or insurance was recorded here."""
    query = select(wage.c.month).join(spell, spell.c.id == wage.c.spell).where(spell.c.introduction == introduction_id)
    return list(
        (await tx.execute(query.where(wage.c.evidence != "worker").distinct().order_by(wage.c.month))).scalars()
    )


async def latest_spell_of(tx: Transaction, introduction_id: UUID) -> Row[Any] | None:
    query = (
        select(spell)
        .where(spell.c.introduction == introduction_id)
        .order_by(spell.c.start.desc(), spell.c.id.desc())
        .limit(1)
    )
    return (await tx.execute(query)).one_or_none()


async def correct(tx: Transaction, id: UUID, **facts: Any) -> None:
    await tx.execute(update(spell).where(spell.c.id == id).values(**facts, version=spell.c.version + 1))


async def find_spell(tx: Transaction, id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(spell).where(spell.c.id == id))).one_or_none()
