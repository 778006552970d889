"""Hires in the database: which introductions have taken an opening, and which gave it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.jobs.tables import hires


async def insert_hire_if_absent(tx: Transaction, introduction: UUID, vacancy: UUID, hired_on: date) -> bool:
    """Whether this introduction's hire is new."""
    new = insert(hires).values(introduction=introduction, vacancy=vacancy, hired_on=hired_on).on_conflict_do_nothing()
    return (await tx.execute(new.returning(hires.c.introduction))).scalar() is not None


async def update_hire_freed(tx: Transaction, introduction: UUID, vacancy: UUID, freed_on: date) -> bool:
    """Whether the hire gives its opening back; False when there is none at this vacancy or it had done so before."""
    freed = (
        update(hires)
        .where(hires.c.introduction == introduction, hires.c.vacancy == vacancy, hires.c.freed_on.is_(None))
        .values(freed_on=freed_on)
    )
    return (await tx.execute(freed.returning(hires.c.introduction))).scalar() is not None


async def count_hires(tx: Transaction, vacancy: UUID) -> int:
    """Openings of a vacancy that are taken."""
    taken = select(func.count()).select_from(hires).where(hires.c.vacancy == vacancy, hires.c.freed_on.is_(None))
    return int((await tx.execute(taken)).scalar_one())
