"""People (人) in the database: found by the blind index of the number, with the newest situation and wish beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    any_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from libs.common.access.reach import Kind, Reach
from libs.common.access.rows import within, within_kind
from libs.common.database import Transaction, among
from libs.common.many_rows import ManyRows
from libs.common.prepared_queries import PreparedQuery
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.changes import Change
from services.registry.rules.merging import refuse_merged
from services.registry.rules.people import Alike, ListedPerson, Person, PersonState, WrittenPerson
from services.registry.rules.visits import SETTLING
from services.registry.store.search_index import update_alike, update_tokens, upsert_found_by
from services.registry.tables import change, household, identification_run, person, situation, visit, wish

# The newest situation and wish of all: what is known, whatever day it is.
NEWEST = date.max

_COLUMNS = columns_of(person, Person)
# What an update may change: everything but whose the row is, who brought it in, the version, which counts by itself, and
# departures, which have a table of their own.
_STAYING = ("id", "version", "batch", "batch_row", "left_as", "left_on", "merged_into")
_PEOPLE = ManyRows(person, tuple(column.name for column in _COLUMNS))
_CHANGED = ManyRows(person, ("id", *(name for name in _PEOPLE.names if name not in _STAYING)))
_CHANGES = ManyRows(change, tuple(field.name for field in fields(Change)))


class PersonNotFound(NotFound):
    title = "登记册中没有此人 No such person in the register"


async def list_people_by_numbers(tx: Transaction, indexes: Collection[bytes]) -> dict[bytes, Person]:
    """The people with these numbers as they stand, by the index of the number; nobody waits."""
    return await _by_numbers(tx, _of_numbers(indexes), hold=False)


async def lock_people_by_numbers(tx: Transaction, indexes: Collection[bytes]) -> dict[bytes, Person]:
    """The same, locked: whoever announces them next must wait."""
    return await _by_numbers(tx, _of_numbers(indexes).order_by(person.c.id).with_for_update(), hold=True)


def _of_numbers(indexes: Collection[bytes]) -> Select[Any]:
    return select(*_COLUMNS).where(among(person.c.number_index, indexes))


async def _by_numbers(tx: Transaction, query: Select[Any], *, hold: bool) -> dict[bytes, Person]:
    """The number of somebody who was merged means the one into whom."""
    found = {each.number_index: each for each in read_rows(Person, await tx.execute(query))}
    merged = {each.merged_into for each in found.values() if each.merged_into}
    if not merged:
        return found
    held = select(*_COLUMNS).where(among(person.c.id, merged)).order_by(person.c.id)
    now = {each.id: each for each in read_rows(Person, await tx.execute(held.with_for_update() if hold else held))}
    return {index: now[each.merged_into] if each.merged_into else each for index, each in found.items()}


async def find_standing_ids(tx: Transaction, people: Collection[UUID]) -> dict[UUID, UUID]:
    """Who these people are now, by the id that each had: somebody who was merged is the one into whom."""
    query = select(person.c.id, person.c.merged_into).where(
        among(person.c.id, people), person.c.merged_into.is_not(None)
    )
    return {row.id: row.merged_into for row in await tx.execute(query)}


async def find_standing_id(tx: Transaction, one: UUID) -> UUID:
    """Who somebody is now: the same, or the one into whom they were merged."""
    return (await find_standing_ids(tx, [one])).get(one, one)


async def insert_people(tx: Transaction, given: Sequence[WrittenPerson]) -> None:
    """With what they are found by."""
    await _PEOPLE.insert(tx, given)
    await upsert_found_by(tx, {each.id: (each.tokens or [], each.alike or []) for each in given})


async def update_people(tx: Transaction, given: Sequence[WrittenPerson]) -> None:
    """Write each as it is now, with what it is found by where that is other than before, and count the version up."""
    await _CHANGED.update(tx, given, counted="version")
    await update_tokens(tx, {each.id: each.tokens for each in given if each.tokens is not None})
    await update_alike(tx, {each.id: each.alike for each in given if each.alike is not None})


async def update_person_version(tx: Transaction, one: UUID) -> None:
    """Something about the person is other than before that stands in another table."""
    await tx.execute(update(person).where(person.c.id == one).values(version=person.c.version + 1))


async def insert_changes(tx: Transaction, given: Sequence[Change]) -> None:
    """What stood there before, and what replaced it."""
    await _CHANGES.insert(tx, given)


async def list_changed_after(tx: Transaction, people: Collection[UUID], day: date) -> dict[UUID, set[str]]:
    """By person the fields that something newer than a day has changed: an older file does not put them back."""
    query = select(change.c.person, change.c.field)
    query = query.where(among(change.c.person, people), change.c.on > day, ~change.c.undone)
    changed: dict[UUID, set[str]] = {}
    for row in await tx.execute(query.distinct()):
        changed.setdefault(row.person, set()).add(row.field)
    return changed


async def list_townships(tx: Transaction) -> list[str]:
    """Where anybody of the register lives, by name."""
    return list((await tx.execute(select(person.c.township).distinct().order_by(person.c.township))).scalars())


async def list_people_by_id(tx: Transaction, people: Collection[UUID], as_of: date = NEWEST) -> list[PersonState]:
    """The state of some people, in the order of their ids."""
    given = {"as_of": as_of, "people": list(people), "whose": list(tx.reach.whose)}
    return await tx.ask(_states_of(tx.reach.kind), **given)


async def get_person(tx: Transaction, one: UUID, as_of: date = NEWEST) -> PersonState:
    """One person's state as of a day; raises PersonNotFound when there is none within reach."""
    found = await list_people_by_id(tx, [one], as_of)
    if not found:
        raise PersonNotFound(str(one))
    if found[0].merged_into:
        raise refuse_merged(found[0].merged_into)
    return found[0]


async def lock_person(tx: Transaction, one: UUID) -> Person:
    """One person, locked until the end of the transaction; raises PersonNotFound when there is none within reach, PersonMerged
    with who they are now."""
    query = select(*_COLUMNS).where(person.c.id == one, within(person, tx.reach)).with_for_update()
    found = await get_one(tx, query, Person, PersonNotFound(str(one)))
    if found.merged_into:
        raise refuse_merged(found.merged_into)
    return found


async def lock_people(tx: Transaction, people: Collection[UUID]) -> list[Person]:
    """Some people within reach, locked until the end of the transaction, in the order of their ids."""
    query = select(*_COLUMNS).where(among(person.c.id, people), within(person, tx.reach))
    return read_rows(Person, await tx.execute(query.order_by(person.c.id).with_for_update()))


async def list_people(tx: Transaction, people: Collection[UUID]) -> list[Person]:
    """Some people within reach as they stand, in the order of their ids; nobody waits."""
    query = select(*_COLUMNS).where(among(person.c.id, people), within(person, tx.reach))
    return read_rows(Person, await tx.execute(query.order_by(person.c.id)))


async def list_merged(tx: Transaction, people: Collection[UUID]) -> list[Person]:
    """Those of some people within reach who were merged into somebody."""
    query = select(*_COLUMNS).where(among(person.c.id, people), person.c.merged_into.is_not(None))
    return read_rows(Person, await tx.execute(query.where(within(person, tx.reach)).order_by(person.c.id)))


async def list_ids_within(tx: Transaction, people: Collection[UUID], reach: Reach) -> set[UUID]:
    """Whom of these a narrower reach takes in than the transaction's own."""
    query = select(person.c.id).where(among(person.c.id, people), within(person, reach))
    return set((await tx.execute(query)).scalars())


async def list_ids_in_households(tx: Transaction, households: Collection[UUID]) -> list[UUID]:
    """Whoever lives in one of them; who has left does not."""
    here = among(person.c.household, households), person.c.left_on.is_(None)
    return list((await tx.execute(select(person.c.id).where(*here))).scalars())


async def list_judged_groups(tx: Transaction, as_of: date) -> list[Alike]:
    """Everybody within reach, counted by what identification looks at on that day: township, full years, ability, schooling."""
    years = func.extract("year", func.age(as_of, person.c.birth_date))
    query = select(
        person.c.township,
        func.min(person.c.birth_date).label("birth_date"),
        person.c.ability,
        person.c.pupil,
        func.count().label("people"),
    ).where(within(person, tx.reach), is_here(literal(as_of, Date)))
    return read_rows(
        Alike, await tx.execute(query.group_by(person.c.township, years, person.c.ability, person.c.pupil))
    )


def is_here(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Nobody who has left by that day, and not come back, is in any list or count."""
    return ~person.c.away.contains(day)


_DAY = bindparam("as_of", type_=Date)
# Where a person works on the day `as_of`, what was said last before it, and when somebody was met, said or not.
NOW = (
    select(situation.c.work_place, situation.c.channel)
    .where(situation.c.person == person.c.id, situation.c.since <= _DAY)
    .order_by(situation.c.since.desc())
    .limit(1)
    .lateral("now")
)
SAID = (
    select(wish.c.facts, wish.c.visited.label("said_on"), wish.c.partner, wish.c.fellows)
    .where(wish.c.person == person.c.id, wish.c.visited <= _DAY)
    .order_by(wish.c.visited.desc())
    .limit(1)
    .lateral("said")
)
_SETTLES = or_(*(visit.c.found == literal_column(f"'{each}'") for each in SETTLING))
MET = (
    select(func.max(visit.c.visited).label("met_on"))
    .where(visit.c.person == person.c.id, visit.c.visited <= _DAY, _SETTLES)
    .lateral("met")
)
VISITED = func.greatest(SAID.c.said_on, MET.c.met_on, type_=Date)


# By which day and rule everybody is judged: the newest run of identification.
STANDING = (
    select(identification_run.c.day.label("judged_on"), identification_run.c.rule)
    .order_by(identification_run.c.id.desc())
    .limit(1)
    .subquery("standing")
)


def states_of(kind: type[ListedPerson]) -> Select[Any]:
    """Everybody's state on the day `as_of`, with no column that nobody shows: reading those costs a page a fifth more."""
    told = [SAID.c[field.name] for field in fields(kind) if field.name in SAID.c]
    return (
        select(
            *columns_of(person, kind),
            household.c.burden,
            NOW.c.work_place,
            NOW.c.channel,
            *told,
            VISITED.label("visited"),
            *STANDING.c,
        )
        .join(household, household.c.id == person.c.household)
        .outerjoin(NOW, true())
        .outerjoin(SAID, true())
        .join(MET, true())
        .outerjoin(STANDING, true())
    )


# Made once: putting such a statement together costs more than PostgreSQL needs to answer it.
@cache
def _states_of(kind: Kind) -> PreparedQuery[PersonState]:
    wanted = person.c.id == any_(bindparam("people", type_=ARRAY(Uuid)))
    query = states_of(PersonState).where(wanted, within_kind(person, kind)).order_by(person.c.id)
    return PreparedQuery(query, into=PersonState)
