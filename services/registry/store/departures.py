"""Departures (减员) in the database; on which days a person is away follows from them, and stands in the person's row for lists."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert, or_, select, text, update

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of
from libs.common.single_rows import find_one
from services.registry.rules.departures import Departure
from services.registry.tables import departure, person

# Days from a departure to the day before the return; none where it was entered by mistake.
_AWAY = text("""
UPDATE person SET version = version + 1, left_as = :way, left_on = :on,
  away = coalesce((SELECT range_agg(daterange("on", returned_on)) FROM departure WHERE person = :person), '{}')
WHERE id = :person
""")


async def insert_departure(tx: Transaction, given: Departure) -> None:
    """Gone from that day on."""
    await tx.execute(insert(departure).values(vars(given)))
    await _update_away(tx, given.person, given.way, given.on)


async def update_returned(tx: Transaction, given: Departure, returned_on: date) -> None:
    """Here again from that day on."""
    await tx.execute(update(departure).where(departure.c.id == given.id).values(returned_on=returned_on))
    await _update_away(tx, given.person, None, None)


async def _update_away(tx: Transaction, one: UUID, way: str | None, on: date | None) -> None:
    await tx.execute(_AWAY, {"person": one, "way": way, "on": on})


async def find_departure(tx: Transaction, one: UUID) -> Departure | None:
    """The one that nobody has come back from."""
    query = select(*columns_of(departure, Departure)).where(
        departure.c.person == one, departure.c.returned_on.is_(None)
    )
    return await find_one(tx, query, Departure)


async def list_left_numbers(tx: Transaction) -> list[bytes]:
    """The sealed numbers of everybody who has left; whoever was merged is who they are now."""
    now = person.alias("now")
    query = select(person.c.number_sealed).outerjoin(now, now.c.id == person.c.merged_into)
    left = person.c.left_on.is_not(None), or_(person.c.merged_into.is_(None), now.c.left_on.is_not(None))
    return list((await tx.execute(query.where(*left))).scalars())
