"""Households (户) in the database: found by the blind index of their number, with the points of their burden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, insert, select, true, update

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.many_rows import ManyRows
from libs.common.row_mapping import columns_of, maker_of, read_rows
from libs.common.single_rows import find_one, get_one
from services.registry.rules.burden import Member
from services.registry.rules.heads import HEAD, Kin
from services.registry.rules.households import Household, HouseholdNotFound, ListedHousehold, Resident
from services.registry.tables import household, person


class _Burden(NamedTuple):
    id: UUID
    burden: int
    as_of: date


_COLUMNS = columns_of(household, Household)
_HOUSEHOLDS = ManyRows(household, tuple(field.name for field in fields(Household)))
_BURDENS = ManyRows(household, _Burden._fields)
# Whoever has left lives there no more, and comes back into the same household.
_HERE = person.c.left_on.is_(None)


async def insert_households_if_absent(tx: Transaction, given: Sequence[Household]) -> dict[bytes, UUID]:
    """New ones go in, known ones stay; the id of each by the index of its number."""
    await _HOUSEHOLDS.insert(tx, given, "ON CONFLICT (number_index) DO NOTHING")
    wanted = [each.number_index for each in given]
    found = await tx.execute(
        select(household.c.number_index, household.c.id).where(among(household.c.number_index, wanted))
    )
    return {row.number_index: row.id for row in found}


async def find_household_id(tx: Transaction, index: bytes) -> UUID | None:
    """The household with the number of this index."""
    return (await tx.execute(select(household.c.id).where(household.c.number_index == index))).scalar_one_or_none()


async def insert_household(tx: Transaction, given: Household) -> None:
    await tx.execute(insert(household).values(vars(given)))


async def update_household(tx: Transaction, given: Household) -> None:
    """Write it as it is now, and count the version up."""
    values = {**vars(given), "version": household.c.version + 1}
    await tx.execute(update(household).where(household.c.id == given.id).values(values))


async def update_reopened(tx: Transaction, homes: Collection[UUID]) -> None:
    """Of these households, those that were closed and in which somebody lives."""
    lived_in = exists().where(person.c.household == household.c.id, _HERE)
    closed = among(household.c.id, homes), household.c.closed_on.is_not(None), lived_in
    await tx.execute(update(household).where(*closed).values(closed_on=None, version=household.c.version + 1))


async def get_household(tx: Transaction, one: UUID) -> Household:
    """One household; raises HouseholdNotFound when there is none within reach."""
    query = select(*_COLUMNS).where(household.c.id == one, within(household, tx.reach))
    return await get_one(tx, query, Household, HouseholdNotFound(str(one)))


async def lock_household(tx: Transaction, one: UUID) -> Household:
    """The same, locked until the end of the transaction."""
    query = select(*_COLUMNS).where(household.c.id == one, within(household, tx.reach)).with_for_update()
    return await get_one(tx, query, Household, HouseholdNotFound(str(one)))


async def lock_households(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Household]:
    """Some households by id, locked in the order of their ids."""
    query = select(*_COLUMNS).where(among(household.c.id, ids)).order_by(household.c.id).with_for_update()
    return {each.id: each for each in read_rows(Household, await tx.execute(query))}


async def find_household(tx: Transaction, number: bytes) -> Household | None:
    """The household with this number, by its index, if it is within reach."""
    query = select(*_COLUMNS).where(household.c.number_index == number, within(household, tx.reach))
    return await find_one(tx, query, Household)


async def list_households(
    tx: Transaction, *, township: str | None, village: str | None, closed: bool, after: UUID | None, limit: int
) -> list[ListedHousehold]:
    """Open or closed ones in the order of entry, with the head and how many live there."""
    lives = (person.c.household == household.c.id) & person.c.left_on.is_(None)
    head = select(person.c.name_sealed.label("head_sealed")).where(lives, person.c.kinship == HEAD).limit(1).lateral()
    members = select(func.count().label("members")).select_from(person).where(lives).lateral()
    told = [*columns_of(household, ListedHousehold), head.c.head_sealed, members.c.members]
    joined = household.outerjoin(head, true()).join(members, true())
    query = select(*told).select_from(joined).where(within(household, tx.reach))
    query = query.where(household.c.closed_on.is_not(None) if closed else household.c.closed_on.is_(None))
    wanted = [(household.c.township, township), (household.c.village, village)]
    query = query.where(*(column == value for column, value in wanted if value is not None))
    query = query if after is None else query.where(household.c.id > after)
    return read_rows(ListedHousehold, await tx.execute(query.order_by(household.c.id).limit(limit)))


async def list_residents(tx: Transaction, home: UUID) -> list[Resident]:
    """Who lives there, the head first, then in the order of entry; those within reach."""
    query = select(*columns_of(person, Resident)).where(person.c.household == home, _HERE, within(person, tx.reach))
    return read_rows(Resident, await tx.execute(query.order_by(person.c.kinship != HEAD, person.c.id)))


async def list_members(tx: Transaction, households: Collection[UUID]) -> dict[UUID, list[Member]]:
    """Everybody who lives in each of these households, with what the rule of burden looks at."""
    columns = columns_of(person, Member)
    make = maker_of(Member, [column.name for column in columns])
    members: dict[UUID, list[Member]] = {home: [] for home in households}
    query = select(person.c.household, *columns).where(among(person.c.household, households), _HERE)
    for row in await tx.execute(query):
        members[row.household].append(make(row[1:]))
    return members


async def list_kin(tx: Transaction, home: UUID) -> list[Kin[UUID]]:
    """Everybody who lives in a household by kinship and sex, in the order of entry."""
    query = select(person.c.id, person.c.kinship, person.c.sex).where(person.c.household == home, _HERE)
    query = query.order_by(person.c.id)
    return [Kin(row.id, row.kinship, row.sex) for row in await tx.execute(query)]


async def update_burdens(tx: Transaction, burdens: Mapping[UUID, int], as_of: date) -> list[UUID]:
    """Write the points of households; answers those whose points are others than before."""
    query = select(household.c.id, household.c.burden).where(among(household.c.id, burdens))
    before = await tx.execute(query.order_by(household.c.id).with_for_update())
    changed = [row.id for row in before if row.burden != burdens[row.id]]
    await _BURDENS.update(tx, [_Burden(one, burdens[one], as_of) for one in changed])
    return changed
