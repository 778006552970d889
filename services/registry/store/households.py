"""Households (户) in the database: found by the blind index of their number, with the points of their burden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, maker_of
from services.registry.rules.burden import Member
from services.registry.rules.heads import Kin
from services.registry.rules.households import Household
from services.registry.tables import household, person


async def insert_households_if_absent(tx: Transaction, given: Sequence[Household]) -> dict[bytes, UUID]:
    """New ones go in, known ones stay; the id of each by the index of its number."""
    if given:
        new = insert(household).on_conflict_do_nothing(index_elements=["number_index"])
        await tx.execute(new, [vars(each) for each in given])
    wanted = [each.number_index for each in given]
    found = await tx.execute(
        select(household.c.number_index, household.c.id).where(among(household.c.number_index, wanted))
    )
    return {row.number_index: row.id for row in found}


async def find_household_id(tx: Transaction, index: bytes) -> UUID | None:
    """The household with the number of this index."""
    return (await tx.execute(select(household.c.id).where(household.c.number_index == index))).scalar_one_or_none()


async def list_members(tx: Transaction, households: Collection[UUID]) -> dict[UUID, list[Member]]:
    """Everybody who lives in each of these households, with what the rule of burden looks at."""
    columns = columns_of(person, Member)
    make = maker_of(Member, [column.name for column in columns])
    members: dict[UUID, list[Member]] = {home: [] for home in households}
    query = select(person.c.household, *columns).where(among(person.c.household, households))
    for row in await tx.execute(query):
        members[row.household].append(make(row[1:]))
    return members


async def list_kin(tx: Transaction, home: UUID) -> list[Kin[UUID]]:
    """Everybody who lives in a household by kinship and sex, in the order of entry."""
    query = select(person.c.id, person.c.kinship, person.c.sex).where(person.c.household == home).order_by(person.c.id)
    return [Kin(row.id, row.kinship, row.sex) for row in await tx.execute(query)]


async def update_burdens(tx: Transaction, burdens: Mapping[UUID, int], as_of: date) -> list[UUID]:
    """Write the points of households; answers those whose points are others than before."""
    query = select(household.c.id, household.c.burden).where(among(household.c.id, burdens))
    before = await tx.execute(query.order_by(household.c.id).with_for_update())
    changed = [row.id for row in before if row.burden != burdens[row.id]]
    if changed:
        write = (
            update(household)
            .where(household.c.id == bindparam("which"))
            .values(burden=bindparam("points"), as_of=as_of)
        )
        await tx.execute(write, [{"which": one, "points": burdens[one]} for one in changed])
    return changed
