"""What the two lists are kept in: people of this county, vacancies of all cities, counts of all counties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one
from services.matching.rules.introductions.steps import SIGNED
from services.matching.rules.lists import CountyDemand, ListedPerson, ListedVacancy
from services.matching.tables.introductions import introductions
from services.matching.tables.lists import changed_lists, demand, people, vacancies

DEMAND = "demand"
_PEOPLE, _VACANCIES, _DEMAND = (
    columns_of(people, ListedPerson),
    columns_of(vacancies, ListedVacancy),
    columns_of(demand, CountyDemand),
)


async def upsert_person(tx: Transaction, person: ListedPerson) -> None:
    """The newest state of one labourer; the registry's events of one person arrive in order."""
    row = vars(person)
    put = insert(people).values(row)
    await tx.execute(
        put.on_conflict_do_update(index_elements=["person"], set_={k: v for k, v in row.items() if k != "person"})
    )


async def find_person(tx: Transaction, person: UUID) -> ListedPerson | None:
    """One of this county's people, within the caller's reach."""
    return await find_one(tx, _person(tx, person), ListedPerson)


async def lock_person(tx: Transaction, person: UUID) -> ListedPerson | None:
    """The same; nobody else decides on this person meanwhile."""
    return await find_one(tx, _person(tx, person).with_for_update(), ListedPerson)


def _person(tx: Transaction, person: UUID) -> Select[tuple[object, ...]]:
    return select(*_PEOPLE).where(people.c.person == person, within(people, tx.reach))


async def lock_people(tx: Transaction, persons: Iterable[UUID]) -> set[UUID]:
    """Nobody else decides on these people meanwhile; in the order of their ids, so that two such locks cannot cross.

    Answers who of them stands on the list: whoever was erased does not.
    """
    query = select(people.c.person).where(among(people.c.person, persons)).order_by(people.c.person)
    return set((await tx.execute(query.with_for_update())).scalars())


def _seeking() -> Select[tuple[object, ...]]:
    """Whom `rules.lists.seeks` describes."""
    signed = exists().where(introductions.c.person == people.c.person, introductions.c.state.in_(SIGNED))
    return select(*_PEOPLE).where(people.c.labourer, people.c.willing, ~signed)


async def list_seeking(
    tx: Transaction,
    *,
    after: UUID | None = None,
    limit: int | None = None,
    occupation: str | None = None,
    destination: str | None = None,
) -> list[ListedPerson]:
    """The people who seek, in the order of their ids; all of them without a limit."""
    query = _seeking().where(within(people, tx.reach)).order_by(people.c.person).limit(limit)
    if after:
        query = query.where(people.c.person > after)
    if occupation:
        query = query.where(people.c.wish["occupation"].astext == occupation)
    if destination:
        query = query.where(people.c.wish["destinations"].has_key(destination))
    return read_rows(ListedPerson, await tx.execute(query))


async def list_townships(tx: Transaction) -> dict[UUID, str]:
    """The township of everybody who seeks, by person."""
    rows = await tx.execute(_seeking().with_only_columns(people.c.person, people.c.township).order_by(people.c.person))
    return {row.person: row.township for row in rows}


async def find_last_change(tx: Transaction, county: str) -> date | None:
    """The newest date on which anything that the list is made of changed: people, or their introductions; None without."""
    own = select(func.max(introductions.c.changed_on)).where(introductions.c.county == county)
    return (
        await tx.execute(
            select(func.greatest(select(func.max(people.c.recorded_on)).scalar_subquery(), own.scalar_subquery()))
        )
    ).scalar()


async def upsert_vacancy(tx: Transaction, vacancy: ListedVacancy) -> bool:
    """The newest state of one vacancy; False when another node announced it first."""
    row = vars(vacancy)
    put = insert(vacancies).values(row)
    put = put.on_conflict_do_update(
        index_elements=["vacancy"],
        set_={k: v for k, v in row.items() if k != "vacancy"},
        where=vacancies.c.node == row["node"],
    )
    return bool((await tx.execute(put.returning(vacancies.c.vacancy))).scalar())


async def update_vacancy_withdrawn(tx: Transaction, vacancy: UUID, node: str, *, on: date, reason: str) -> bool:
    """Mark a vacancy as withdrawn; False when this node does not know it from that node."""
    strike = vacancies.update().where(vacancies.c.vacancy == vacancy, vacancies.c.node == node)
    strike = strike.values(withdrawn_on=on, withdrawn_reason=reason)
    return bool((await tx.execute(strike.returning(vacancies.c.vacancy))).scalar())


async def update_vacancies_merged(tx: Transaction, goes: UUID, employer: UUID, uscc: str, name: str) -> None:
    """The vacancies of one entry of this node's employers become another's."""
    own = vacancies.update().where(vacancies.c.employer == goes, vacancies.c.node == tx.node.id)
    await tx.execute(own.values(employer=employer, employer_uscc=uscc, employer_name=name))


async def find_vacancy(tx: Transaction, vacancy: UUID) -> ListedVacancy | None:
    """A vacancy of any city."""
    return await find_one(tx, _vacancy(vacancy), ListedVacancy)


async def lock_vacancy(tx: Transaction, vacancy: UUID) -> ListedVacancy | None:
    """The same; its openings are counted by one at a time."""
    return await find_one(tx, _vacancy(vacancy).with_for_update(), ListedVacancy)


async def list_vacancies(tx: Transaction, wanted: Iterable[UUID], *, lock: bool = False) -> dict[UUID, ListedVacancy]:
    """Those of some vacancies that are known here, by id; locked, nobody else counts their openings meanwhile."""
    query = select(*_VACANCIES).where(among(vacancies.c.vacancy, wanted)).order_by(vacancies.c.vacancy)
    rows = read_rows(ListedVacancy, await tx.execute(query.with_for_update() if lock else query))
    return {each.vacancy: each for each in rows}


def _vacancy(vacancy: UUID) -> Select[tuple[object, ...]]:
    return select(*_VACANCIES).where(vacancies.c.vacancy == vacancy)


async def list_supply(
    tx: Transaction,
    *,
    after: UUID | None = None,
    limit: int | None = 50,
    city: str | None = None,
    occupation: str | None = None,
    wage: int | None = None,
) -> list[ListedVacancy]:
    """Vetted vacancies that are still offered and have openings left, in the order of their ids; all of them without a limit."""
    query = select(*_VACANCIES).where(vacancies.c.withdrawn_on.is_(None), vacancies.c.openings_left > 0)
    for column, wanted in ((vacancies.c.city, city), (vacancies.c.occupation, occupation)):
        if wanted:
            query = query.where(column == wanted)
    if wage:
        query = query.where(vacancies.c.wage >= wage)
    if after:
        query = query.where(vacancies.c.vacancy > after)
    return read_rows(ListedVacancy, await tx.execute(query.order_by(vacancies.c.vacancy).limit(limit)))


async def upsert_demand(tx: Transaction, statement: CountyDemand) -> None:
    """A county's newest statement in place of the one before."""
    row = vars(statement)
    put = insert(demand).values(row)
    await tx.execute(
        put.on_conflict_do_update(index_elements=["county"], set_={k: v for k, v in row.items() if k != "county"})
    )


async def list_demand(tx: Transaction) -> list[CountyDemand]:
    """The last statement of every county."""
    return read_rows(CountyDemand, await tx.execute(select(*_DEMAND).order_by(demand.c.county)))


async def find_demand(tx: Transaction, county: str) -> CountyDemand | None:
    """The last statement of one county."""
    query = select(*_DEMAND).where(demand.c.county == county)
    return await find_one(tx, query, CountyDemand)


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
