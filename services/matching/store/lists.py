"""What the two lists are kept in: people of this county, vacancies of all cities, counts of all counties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Row

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from services.matching.rules.introductions.steps import SIGNED
from services.matching.tables.introductions import introductions
from services.matching.tables.lists import changed_lists, demand, people, vacancies

DEMAND = "demand"


async def upsert_person(tx: Transaction, row: dict[str, Any]) -> None:
    """The newest state of one labourer; the registry's events of one person arrive in order."""
    put = insert(people).values(row)
    await tx.execute(
        put.on_conflict_do_update(index_elements=["person"], set_={k: v for k, v in row.items() if k != "person"})
    )


async def find_person(tx: Transaction, person: UUID, *, lock: bool = False) -> Row[Any] | None:
    """One of this county's people; with `lock`, nobody else decides on this person meanwhile."""
    query = select(people).where(people.c.person == person, within(people, tx.reach))
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def lock_people(tx: Transaction, persons: Iterable[UUID]) -> set[UUID]:
    """Nobody else decides on these people meanwhile; in the order of their ids, so that two such locks cannot cross.

    Answers who of them stands on the list: whoever was erased does not.
    """
    query = select(people.c.person).where(among(people.c.person, persons)).order_by(people.c.person)
    return set((await tx.execute(query.with_for_update())).scalars())


def _seeking() -> Select[Any]:
    """Whom `rules.lists.seeks` describes."""
    signed = exists().where(introductions.c.person == people.c.person, introductions.c.state.in_(SIGNED))
    return select(people).where(people.c.labourer, people.c.willing, ~signed)


async def list_seeking(
    tx: Transaction,
    *,
    after: UUID | None = None,
    limit: int | None = None,
    occupation: str | None = None,
    destination: str | None = None,
) -> Sequence[Row[Any]]:
    """The people who seek, in the order of their ids; all of them without a limit."""
    query = _seeking().where(within(people, tx.reach)).order_by(people.c.person).limit(limit)
    if after:
        query = query.where(people.c.person > after)
    if occupation:
        query = query.where(people.c.wish["occupation"].astext == occupation)
    if destination:
        query = query.where(people.c.wish["destinations"].has_key(destination))
    return (await tx.execute(query)).all()


async def find_last_change(tx: Transaction, county: str) -> Any:
    """The newest date on which anything that the list is made of changed: people, or their introductions; None without."""
    own = select(func.max(introductions.c.changed_on)).where(introductions.c.county == county)
    return (
        await tx.execute(
            select(func.greatest(select(func.max(people.c.recorded_on)).scalar_subquery(), own.scalar_subquery()))
        )
    ).scalar()


async def upsert_vacancy(tx: Transaction, row: dict[str, Any]) -> bool:
    """The newest state of one vacancy; False when another node announced it first."""
    put = insert(vacancies).values(row)
    put = put.on_conflict_do_update(
        index_elements=["vacancy"],
        set_={k: v for k, v in row.items() if k != "vacancy"},
        where=vacancies.c.node == row["node"],
    )
    return bool((await tx.execute(put.returning(vacancies.c.vacancy))).scalar())


async def update_vacancy_withdrawn(tx: Transaction, vacancy: UUID, node: str, **withdrawn: Any) -> bool:
    """Mark a vacancy as withdrawn; False when this node does not know it from that node."""
    strike = vacancies.update().where(vacancies.c.vacancy == vacancy, vacancies.c.node == node).values(**withdrawn)
    return bool((await tx.execute(strike.returning(vacancies.c.vacancy))).scalar())


async def find_vacancy(tx: Transaction, vacancy: UUID, *, lock: bool = False) -> Row[Any] | None:
    """A vacancy of any city; with `lock`, its openings are counted by one at a time."""
    query = select(vacancies).where(vacancies.c.vacancy == vacancy)
    return (await tx.execute(query.with_for_update() if lock else query)).one_or_none()


async def list_supply(
    tx: Transaction,
    *,
    after: UUID | None = None,
    limit: int | None = 50,
    city: str | None = None,
    occupation: str | None = None,
    wage: int | None = None,
) -> Sequence[Row[Any]]:
    """Vetted vacancies that are still offered and have openings left, in the order of their ids; all of them without a limit."""
    query = select(vacancies).where(vacancies.c.withdrawn_on.is_(None), vacancies.c.openings_left > 0)
    for column, wanted in ((vacancies.c.city, city), (vacancies.c.occupation, occupation)):
        if wanted:
            query = query.where(column == wanted)
    if wage:
        query = query.where(vacancies.c.wage >= wage)
    if after:
        query = query.where(vacancies.c.vacancy > after)
    return (await tx.execute(query.order_by(vacancies.c.vacancy).limit(limit))).all()


async def upsert_demand(tx: Transaction, row: dict[str, Any]) -> None:
    """A county's newest statement in place of the one before."""
    put = insert(demand).values(row)
    await tx.execute(
        put.on_conflict_do_update(index_elements=["county"], set_={k: v for k, v in row.items() if k != "county"})
    )


async def list_demand(tx: Transaction, county: str | None = None) -> Sequence[Row[Any]]:
    """The last statement of every county, or of one."""
    query = select(demand).order_by(demand.c.county)
    return (await tx.execute(query.where(demand.c.county == county) if county else query)).all()


async def insert_change(tx: Transaction, name: str = DEMAND) -> None:
    """Say that a list has changed."""
    await tx.execute(changed_lists.insert().values(list=name))


async def delete_changes(tx: Transaction, name: str = DEMAND) -> bool:
    """Whether a list has changed since it was last stated; what commits later is there for the next time."""
    taken = changed_lists.delete().where(changed_lists.c.list == name).returning(changed_lists.c.change)
    return bool((await tx.execute(taken)).all())


# Of what is handled and said here, that which can change a list, or what a settled run left.
_VERSION = """
SELECT (SELECT coalesce(sum(events), 0) FROM received WHERE topic LIKE ANY(:topics))::bigint,
       (SELECT coalesce(sum(last), 0) FROM journal_head WHERE topic LIKE ANY(:topics))::bigint, (SELECT count(*) FROM parked WHERE ended_at IS NULL)
"""
_CHANGING = ("%registry.labourer", "%jobs.vacancy", "%matching.introduction", "%matching.run")


async def get_version(tx: Transaction) -> tuple[int, ...]:
    """Another one whenever a transaction has changed the lists or settled a run; read in a moment, so that memory can follow."""
    return tuple((await tx.execute(text(_VERSION), {"topics": list(_CHANGING)})).one())
