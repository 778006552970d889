"""Introductions, people and vacancies as retention has heard of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction
from services.retention.tables import introduction, person, vacancy


class IntroductionUnknown(problems.NotFound):
    title = "没有这条介绍 No such introduction here"


class PersonUnknown(problems.NotFound):
    title = "没有这个人 No such person here"


class VacancyUnknown(problems.NotFound):
    title = "没有这个岗位 No such vacancy here"


async def know_person(tx: Transaction, id: UUID, township: str) -> None:
    statement = insert(person).values(id=id, township=township)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"township": township}))


async def know_introduction(tx: Transaction, id: UUID, **facts: Any) -> None:
    """Add what an event tells of an introduction; events of different services may come in any order."""
    statement = insert(introduction).values(id=id, **facts)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=facts))


async def meet_introduction(tx: Transaction, id: UUID, **facts: Any) -> None:
    """Make room for what a report tells of an introduction that matching has not told of yet."""
    await tx.execute(insert(introduction).values(id=id, **facts).on_conflict_do_nothing(index_elements=["id"]))


async def get_introduction(tx: Transaction, id: UUID) -> Row[Any]:
    """One introduction, locked, so that the steps on it come one after the other."""
    query = select(introduction).where(introduction.c.id == id, within(introduction, tx.reach)).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise IntroductionUnknown(f"{id}")
    return row


async def find_introduction(tx: Transaction, id: UUID) -> Row[Any] | None:
    return (await tx.execute(select(introduction).where(introduction.c.id == id))).one_or_none()


async def get_person(tx: Transaction, id: UUID) -> Row[Any]:
    """One person of this node's register; a cadre finds those of the own township only."""
    row = (await tx.execute(select(person).where(person.c.id == id, within(person, tx.reach)))).one_or_none()
    if row is None:
        raise PersonUnknown(f"{id}")
    return row


async def latest_introduction_of(tx: Transaction, person_id: UUID) -> Row[Any] | None:
    query = select(introduction).where(introduction.c.person == person_id).order_by(introduction.c.id.desc()).limit(1)
    return (await tx.execute(query)).one_or_none()


async def know_vacancy(tx: Transaction, id: UUID, **facts: Any) -> None:
    statement = insert(vacancy).values(id=id, **facts)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=facts))


async def withdraw_vacancy(tx: Transaction, id: UUID) -> None:
    await tx.execute(update(vacancy).where(vacancy.c.id == id).values(withdrawn=True))


async def get_vacancy(tx: Transaction, id: UUID) -> Row[Any]:
    """One vacancy of this city, locked until its opening is taken."""
    row = (await tx.execute(select(vacancy).where(vacancy.c.id == id).with_for_update())).one_or_none()
    if row is None:
        raise VacancyUnknown(f"{id}")
    return row


async def take_opening(tx: Transaction, id: UUID) -> None:
    """One opening less until jobs, which owns the count, announces the vacancy again."""
    await tx.execute(update(vacancy).where(vacancy.c.id == id).values(openings_left=vacancy.c.openings_left - 1))
