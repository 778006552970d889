"""Households (户) in the database: found by the blind index of their number, with the points of their burden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from services.registry.tables import household, person


async def put_households(tx: Transaction, rows: Sequence[dict[str, Any]]) -> dict[bytes, UUID]:
    """New ones go in, known ones stay; the id of each by the index of its number."""
    if rows:
        await tx.execute(insert(household).on_conflict_do_nothing(index_elements=["number_index"]), list(rows))
    wanted = [row["number_index"] for row in rows]
    found = await tx.execute(
        select(household.c.number_index, household.c.id).where(among(household.c.number_index, wanted))
    )
    return {row.number_index: row.id for row in found}


async def members_of(tx: Transaction, households: Collection[UUID]) -> Sequence[Row[Any]]:
    """Everybody who lives in one of these households, with what the rule of burden looks at."""
    wanted = select(
        person.c.household,
        person.c.birth_date,
        person.c.ability,
        person.c.pupil,
        person.c.health,
        person.c.low_income,
        person.c.destitute,
    ).where(among(person.c.household, households))
    return (await tx.execute(wanted)).all()


async def set_burdens(tx: Transaction, burdens: Mapping[UUID, int], as_of: date) -> list[UUID]:
    """Write the points of households; answers those whose points are others than before."""
    before = await tx.execute(
        select(household.c.id, household.c.burden).where(among(household.c.id, burdens)).with_for_update()
    )
    changed = [row.id for row in before if row.burden != burdens[row.id]]
    if changed:
        write = (
            update(household)
            .where(household.c.id == bindparam("which"))
            .values(burden=bindparam("points"), as_of=as_of)
        )
        await tx.execute(write, [{"which": one, "points": burdens[one]} for one in changed])
    return changed
