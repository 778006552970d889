"""People (人) in the database: found by the blind index of the number, with the newest situation and wish beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from libs.common.access.reach import Kind
from libs.common.access.rows import within, within_kind
from libs.common.database import Transaction, among
from libs.common.prepared_queries import PreparedQuery
from libs.common.problems import NotFound
from services.registry.tables import change, household, person, situation, wish

# The newest situation and wish of all: what is known, whatever day it is.
NEWEST = date.max


class PersonNotFound(NotFound):
    title = "登记册中没有此人 No such person in the register"


async def find_by_numbers(tx: Transaction, indexes: Collection[bytes]) -> dict[bytes, Row[Any]]:
    """The people with these numbers, locked: whoever announces them next must wait."""
    query = select(person).where(among(person.c.number_index, indexes)).order_by(person.c.id).with_for_update()
    return {row.number_index: row for row in await tx.execute(query)}


async def add_people(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await tx.execute(insert(person), list(rows))


async def change_person(tx: Transaction, one: UUID, values: Mapping[str, Any]) -> None:
    """Write changes and count the version up."""
    await tx.execute(update(person).where(person.c.id == one).values(**values, version=person.c.version + 1))


async def add_changes(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """What stood there before, and what replaced it."""
    if rows:
        await tx.execute(insert(change), list(rows))


async def changed_after(tx: Transaction, people: Collection[UUID], day: date) -> set[tuple[UUID, str]]:
    """(person, field) that something newer than a day has changed: an older file does not put it back."""
    query = select(change.c.person, change.c.field).where(among(change.c.person, people), change.c.on > day)
    return {(row.person, row.field) for row in await tx.execute(query.distinct())}


async def list_states(
    tx: Transaction,
    as_of: date,
    *,
    township: str | None = None,
    labourer: bool | None = None,
    employed: bool | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> Sequence[Row[Any]]:
    """People with their situation and wish as of a day, in the order of entry."""
    query = _listed(tx.reach.kind, township is not None, labourer, employed, after is not None)
    given = {"as_of": as_of, "whose": list(tx.reach.whose), "township": township, "after": after, "limit": limit}
    return await tx.ask(query, **given)


async def list_townships(tx: Transaction) -> list[str]:
    """Where anybody of the register lives, by name."""
    return list((await tx.execute(select(person.c.township).distinct().order_by(person.c.township))).scalars())


async def states_of(tx: Transaction, people: Collection[UUID], as_of: date = NEWEST) -> Sequence[Row[Any]]:
    """The state of some people, in the order of their ids."""
    given = {"as_of": as_of, "people": list(people), "whose": list(tx.reach.whose)}
    return await tx.ask(_states_of(tx.reach.kind), **given)


async def lock_person(tx: Transaction, one: UUID) -> Row[Any]:
    """One person, locked until the end of the transaction; 404 when there is none."""
    row = (
        await tx.execute(select(person).where(person.c.id == one, within(person, tx.reach)).with_for_update())
    ).one_or_none()
    if row is None:
        raise PersonNotFound(str(one))
    return row


async def ids_in_households(tx: Transaction, households: Collection[UUID]) -> list[UUID]:
    return list((await tx.execute(select(person.c.id).where(among(person.c.household, households)))).scalars())


async def judged_facts(tx: Transaction) -> Sequence[Row[Any]]:
    """What identification looks at in everybody: birth, ability, schooling, township."""
    query = select(person.c.birth_date, person.c.ability, person.c.pupil, person.c.township)
    return (await tx.execute(query.where(within(person, tx.reach)))).all()


# What a list shows, and what its masks, bands and groups follow from: reading what nobody shows costs a page a fifth more.
_SHOWN = [
    person.c[name]
    for name in (
        "id",
        "household",
        "name_sealed",
        "number_sealed",
        "phone_sealed",
        "household_phone_sealed",
        "sex",
        "birth_date",
        "township",
        "village",
        "ethnic_group",
        "kinship",
        "education",
        "pupil",
        "ability",
        "health",
        "disability",
        "labourer",
        "reasons",
        "version",
    )
]


def _states(
    *columns: FromClause | ColumnElement[Any], told: Collection[str] = ("facts", "visited", "partner", "fellows")
) -> Select[Any]:
    """Everybody's state on the day `as_of`."""
    day = bindparam("as_of", type_=Date)
    now = (
        select(situation.c.work_place, situation.c.channel, situation.c.since)
        .where(situation.c.person == person.c.id, situation.c.since <= day)
        .order_by(situation.c.since.desc())
        .limit(1)
        .lateral("now")
    )
    said = (
        select(wish.c.facts, wish.c.visited, wish.c.partner, wish.c.fellows)
        .where(wish.c.person == person.c.id, wish.c.visited <= day)
        .order_by(wish.c.visited.desc())
        .limit(1)
        .lateral("said")
    )
    return (
        select(
            *columns, household.c.burden, now.c.work_place, now.c.channel, now.c.since, *(said.c[name] for name in told)
        )
        .join(household, household.c.id == person.c.household)
        .outerjoin(now, true())
        .outerjoin(said, true())
    )


# Made once: putting such a statement together costs more than PostgreSQL needs to answer it.
@cache
def _states_of(kind: Kind) -> PreparedQuery[Any]:
    wanted = person.c.id == any_(bindparam("people", type_=ARRAY(Uuid)))
    return PreparedQuery(_states(person).where(wanted, within_kind(person, kind)).order_by(person.c.id))


@cache
def _listed(
    kind: Kind, township: bool, labourer: bool | None, employed: bool | None, after: bool
) -> PreparedQuery[Any]:
    """The statement of a list, once for each kind of question."""
    query = (
        _states(*_SHOWN, told=("facts", "visited"))
        .where(within_kind(person, kind))
        .order_by(person.c.id)
        .limit(bindparam("limit", type_=Integer))
    )
    works = query.selected_columns.work_place.is_not(None)
    conditions = {
        person.c.township == bindparam("township", type_=Text): township,
        person.c.labourer.is_(labourer): labourer is not None,
        works if employed else ~works: employed is not None,
        person.c.id > bindparam("after", type_=Uuid): after,
    }
    return PreparedQuery(query.where(*[condition for condition, applies in conditions.items() if applies]))
