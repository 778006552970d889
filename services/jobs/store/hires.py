"""Hires in the database: which introductions have taken an opening, and which gave it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from libs.common.database import Transaction
from services.jobs.tables import hires

# Of a hire whose end of work came before itself, nothing is heard any more that would be newer.
LAST = 2**31 - 1


async def upsert_hire(tx: Transaction, introduction: UUID, vacancy: UUID, hired_on: date, turn: int) -> date | None:
    """The opening is taken by this step; the day from which on it counts, None when it was told before, or something later was."""
    new = insert(hires).values(introduction=introduction, vacancy=vacancy, hired_on=hired_on, turn=turn)
    return await _changed(tx, new, hires.c.turn < new.excluded.turn, turn=new.excluded.turn, released=False)


async def upsert_release(tx: Transaction, introduction: UUID, vacancy: UUID, freed_on: date, turn: int) -> date | None:
    """The opening is given back by this step, which may come before the hire; the day of the hire, None as above."""
    new = _freed(introduction, vacancy, freed_on, turn, released=True)
    return await _changed(tx, new, hires.c.turn < new.excluded.turn, turn=new.excluded.turn, released=True)


async def upsert_end(tx: Transaction, introduction: UUID, vacancy: UUID, freed_on: date) -> date | None:
    """The opening is given back by the end of work, which may come before the hire; the day of the hire, None when it was
    given back before."""
    return await _changed(tx, _freed(introduction, vacancy, freed_on, LAST), hires.c.freed_on.is_(None))


async def update_hire_freed(tx: Transaction, spell: UUID, vacancy: UUID, freed_on: date) -> bool:
    """Whether a spell that took the opening itself (转岗) gives it back."""
    mine = (hires.c.introduction == spell, hires.c.vacancy == vacancy, hires.c.freed_on.is_(None))
    freed = update(hires).where(*mine).values(freed_on=freed_on)
    return (await tx.execute(freed.returning(hires.c.introduction))).scalar() is not None


def _freed(introduction: UUID, vacancy: UUID, on: date, turn: int, *, released: bool = False) -> Insert:
    facts = {"introduction": introduction, "vacancy": vacancy, "turn": turn, "released": released}
    return insert(hires).values(**facts, hired_on=on, freed_on=on)


async def _changed(tx: Transaction, new: Insert, where: ColumnElement[bool], **more: object) -> date | None:
    values, same = {"freed_on": new.excluded.freed_on, **more}, hires.c.vacancy == new.excluded.vacancy
    put = new.on_conflict_do_update(index_elements=["introduction"], set_=values, where=same & where)
    return (await tx.execute(put.returning(hires.c.hired_on))).scalar()


async def count_hires(tx: Transaction, vacancy: UUID) -> int:
    """Openings of a vacancy that are taken."""
    taken = select(func.count()).select_from(hires).where(hires.c.vacancy == vacancy, hires.c.freed_on.is_(None))
    return int((await tx.execute(taken)).scalar_one())
