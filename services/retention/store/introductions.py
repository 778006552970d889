"""Introductions, people and vacancies as retention has heard of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of
from services.retention.rules.introductions import Introduction, Person, Vacancy
from services.retention.tables import introduction, person, spell, vacancy

_INTRODUCTION = columns_of(introduction, Introduction)


class IntroductionUnknown(problems.NotFound):
    title = "没有这条介绍 No such introduction here"


class PersonUnknown(problems.NotFound):
    title = "没有这个人 No such person here"


class VacancyUnknown(problems.NotFound):
    title = "没有这个岗位 No such vacancy here"


async def upsert_person(tx: Transaction, one: Person) -> None:
    statement = insert(person).values(**asdict(one))
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"township": one.township}))


async def get_person(tx: Transaction, id: UUID) -> Person:
    """One person of this node's register; a cadre finds those of the own township only."""
    row = (await tx.execute(select(person).where(person.c.id == id, within(person, tx.reach)))).one_or_none()
    if row is None:
        raise PersonUnknown(f"{id}")
    return Person(**row._asdict())


async def upsert_introduction(tx: Transaction, told: Introduction) -> None:
    """Add what an event tells of an introduction; events of different services may come in any order."""
    facts = {name: value for name, value in asdict(told).items() if value is not None}
    await tx.execute(insert(introduction).values(**facts).on_conflict_do_update(index_elements=["id"], set_=facts))


async def update_introduction_released(tx: Transaction, id: UUID) -> None:
    """Nobody is hired on it any more; the steps of one introduction are heard in order."""
    await tx.execute(update(introduction).where(introduction.c.id == id).values(hired_on=None))


async def insert_introduction_if_absent(tx: Transaction, told: Introduction) -> None:
    """Make room for what a report tells of an introduction that matching has not told of yet."""
    await tx.execute(insert(introduction).values(**asdict(told)).on_conflict_do_nothing(index_elements=["id"]))


async def lock_introduction(tx: Transaction, id: UUID) -> Introduction:
    """One introduction, locked, so that the steps on it come one after the other."""
    query = select(*_INTRODUCTION).where(introduction.c.id == id, within(introduction, tx.reach)).with_for_update()
    found = await _find(tx, query)
    if found is None:
        raise IntroductionUnknown(f"{id}")
    return found


async def find_introduction(tx: Transaction, id: UUID) -> Introduction | None:
    return await _find(tx, select(*_INTRODUCTION).where(introduction.c.id == id))


async def find_latest_introduction(tx: Transaction, person_id: UUID) -> Introduction | None:
    query = select(*_INTRODUCTION).where(introduction.c.person == person_id).order_by(introduction.c.id.desc()).limit(1)
    return await _find(tx, query)


async def _find(tx: Transaction, query: Select[Any]) -> Introduction | None:
    row = (await tx.execute(query)).one_or_none()
    return Introduction(**row._asdict()) if row else None


async def upsert_vacancy(tx: Transaction, announced: Vacancy) -> None:
    facts = asdict(announced)
    await tx.execute(insert(vacancy).values(**facts).on_conflict_do_update(index_elements=["id"], set_=facts))


async def update_vacancy_withdrawn(tx: Transaction, id: UUID) -> None:
    await tx.execute(update(vacancy).where(vacancy.c.id == id).values(withdrawn=True))


async def lock_vacancy(tx: Transaction, id: UUID) -> Vacancy:
    """One vacancy of this city, locked until its opening is taken."""
    row = (await tx.execute(select(vacancy).where(vacancy.c.id == id).with_for_update())).one_or_none()
    if row is None:
        raise VacancyUnknown(f"{id}")
    return Vacancy(**row._asdict())


async def update_opening_taken(tx: Transaction, id: UUID) -> None:
    """One opening less until jobs, which owns the count, announces the vacancy again."""
    await tx.execute(update(vacancy).where(vacancy.c.id == id).values(openings_left=vacancy.c.openings_left - 1))


async def update_employer_merged(tx: Transaction, city: str, former_uscc: str, uscc: str) -> None:
    """What a city's firm is known by under its former credit code, in spells, introductions and vacancies."""
    for table in (spell, introduction, vacancy):
        former = table.c.city == city, table.c.employer_uscc == former_uscc
        await tx.execute(update(table).where(*former).values(employer_uscc=uscc))
