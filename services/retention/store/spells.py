"""Spells of employment and the wages paid in them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction
from services.retention.rules.spells import Spell
from services.retention.rules.wages import Wage
from services.retention.tables import introduction, spell, wage

# What is said of a spell when it begins or is corrected; how it ended is said by its end alone.
_AS_IT_BEGAN = (
    "introduction",
    "county",
    "city",
    "vacancy",
    "employer_uscc",
    "occupation",
    "start",
    "wage_fen",
    "assisted",
    "previous",
)


class SpellUnknown(problems.NotFound):
    title = "没有这段就业 No such spell here"


def _query(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Spells with the person (at the county) or guest (in the city) behind them."""
    columns = select(spell, introduction.c.person, introduction.c.guest)
    return columns.join(introduction, introduction.c.id == spell.c.introduction).where(*conditions)


async def _find(tx: Transaction, query: Select[Any]) -> Spell | None:
    row = (await tx.execute(query)).one_or_none()
    return Spell(**row._asdict()) if row else None


async def _list(tx: Transaction, query: Select[Any]) -> list[Spell]:
    return [Spell(**row._asdict()) for row in await tx.execute(query)]


async def get_spell(tx: Transaction, id: UUID) -> Spell:
    found = await _find(tx, _query(spell.c.id == id, within(spell, tx.reach)))
    if found is None:
        raise SpellUnknown(f"{id}")
    return found


async def lock_spell(tx: Transaction, id: UUID) -> Spell:
    query = _query(spell.c.id == id, within(spell, tx.reach)).with_for_update(of=spell)
    found = await _find(tx, query)
    if found is None:
        raise SpellUnknown(f"{id}")
    return found


async def find_spell(tx: Transaction, id: UUID) -> Spell | None:
    return await _find(tx, _query(spell.c.id == id))


async def find_open_spell(tx: Transaction, introduction_id: UUID) -> Spell | None:
    return await _find(tx, _query(spell.c.introduction == introduction_id, spell.c.end.is_(None)))


async def find_latest_spell(tx: Transaction, introduction_id: UUID) -> Spell | None:
    latest = _query(spell.c.introduction == introduction_id).order_by(spell.c.start.desc(), spell.c.id.desc())
    return await _find(tx, latest.limit(1))


async def list_spells(
    tx: Transaction,
    after: UUID | None,
    limit: int,
    *,
    open: bool | None,
    employer: str | None,
    introduction_id: UUID | None,
) -> list[Spell]:
    query = _query(within(spell, tx.reach)).order_by(spell.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(spell.c.id > after)
    if open is not None:
        query = query.where(spell.c.end.is_(None) if open else spell.c.end.is_not(None))
    if employer is not None:
        query = query.where(spell.c.employer_uscc == employer)
    if introduction_id is not None:
        query = query.where(spell.c.introduction == introduction_id)
    return await _list(tx, query)


async def list_spells_on_introduction(tx: Transaction, introduction_id: UUID) -> list[Spell]:
    return await _list(tx, _query(spell.c.introduction == introduction_id).order_by(spell.c.start))


async def list_spells_of_person(tx: Transaction, person: UUID) -> list[Spell]:
    """A person's spells over all introductions."""
    return await _list(tx, _query(introduction.c.person == person).order_by(spell.c.start))


async def upsert_spell(tx: Transaction, one: Spell) -> None:
    """Write a spell as it began, or as it was corrected; how it ended stays as it is."""
    began = {name: getattr(one, name) for name in _AS_IT_BEGAN}
    changed = began | {"version": spell.c.version + 1}
    await tx.execute(
        insert(spell).values(id=one.id, **began).on_conflict_do_update(index_elements=["id"], set_=changed)
    )


async def update_spell(tx: Transaction, id: UUID, *, start: date, wage_fen: int) -> None:
    corrected = {"start": start, "wage_fen": wage_fen, "version": spell.c.version + 1}
    await tx.execute(update(spell).where(spell.c.id == id).values(**corrected))


async def update_spell_ended(tx: Transaction, id: UUID, *, end: date, reason: str, returned_home: bool) -> bool:
    """End a spell; False when it had ended before, so that a repeated report changes nothing."""
    closed = {"end": end, "reason": reason, "returned_home": returned_home, "version": spell.c.version + 1}
    statement = update(spell).where(spell.c.id == id, spell.c.end.is_(None)).values(**closed).returning(spell.c.id)
    return (await tx.execute(statement)).one_or_none() is not None


async def upsert_wage(tx: Transaction, paid: Wage) -> Wage:
    """What was paid for a month; stated again, it replaces what stood there."""
    stated = {"amount_fen": paid.amount_fen, "evidence": paid.evidence}
    statement = insert(wage).values(**asdict(paid))
    written = statement.on_conflict_do_update(constraint="wage_month", set_=stated).returning(wage)
    return Wage(**(await tx.execute(written)).one()._asdict())


async def list_wages(tx: Transaction, spell_id: UUID) -> list[Wage]:
    query = select(wage).where(wage.c.spell == spell_id).order_by(wage.c.month)
    return [Wage(**row._asdict()) for row in await tx.execute(query)]


async def list_months_paid(tx: Transaction, introduction_id: UUID) -> list[str]:
    """Months of an introduction for which a line of wages, a payroll or insurance was recorded here."""
    query = select(wage.c.month).join(spell, spell.c.id == wage.c.spell).where(spell.c.introduction == introduction_id)
    return list(
        (await tx.execute(query.where(wage.c.evidence != "worker").distinct().order_by(wage.c.month))).scalars()
    )
