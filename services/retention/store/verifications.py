"""The quarter's verifications (核查): tasks with one owner, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction, insert_all, new_id
from services.retention.rules.verification import Finding, Placed, Verification
from services.retention.tables import finding, introduction, spell, verification

_TASK = ("id", "introduction", "quarter", "owner", "moved_on")


class VerificationUnknown(problems.NotFound):
    title = "没有这项核查 No such verification here"


def _query() -> Select[Any]:
    """Tasks with whom and which places they are about."""
    about = (introduction.c.person, introduction.c.guest, introduction.c.county, introduction.c.city)
    return select(verification, *about).join(introduction, introduction.c.id == verification.c.introduction)


async def upsert_verification(tx: Transaction, introduction_id: UUID, quarter: str, owner: str, on: date) -> bool:
    """Give a quarter's task to its owner; False when it is there already. A task that moves is to be answered anew."""
    task = {"introduction": introduction_id, "quarter": quarter, "owner": owner, "moved_on": on}
    anew = {"owner": owner, "moved_on": on, "outcome": None, "grade": None, "answered_on": None}
    statement = insert(verification).values(id=new_id(), **task)
    statement = statement.on_conflict_do_update(
        constraint="verification_quarter",
        set_=anew | {"version": verification.c.version + 1},
        where=verification.c.owner != owner,
    )
    return (await tx.execute(statement.returning(verification.c.id))).one_or_none() is not None


async def insert_verifications_if_absent(
    tx: Transaction, quarter: str, on: date, owners: Sequence[tuple[UUID, str]]
) -> int:
    """Put tasks, as (introduction, owner), on the quarter's list unless they are there already; answers how many came."""
    rows = [dict(zip(_TASK, (new_id(), one, quarter, owner, on), strict=True)) for one, owner in owners]
    statement = insert_all(verification, _TASK).on_conflict_do_nothing(constraint="verification_quarter")
    return len((await tx.execute(statement.returning(verification.c.id), {"rows": rows})).all())


async def list_placed_without_task(
    tx: Transaction, quarter: str, first: date, last: date, after: UUID | None, limit: int
) -> list[Placed]:
    """Everyone placed by the quarter's last day who is not on its list, with the city of the work on its first day."""
    own = spell.c.introduction == introduction.c.id
    on_first = select(spell.c.city).where(own, spell.c.start <= first, or_(spell.c.end.is_(None), spell.c.end >= first))
    listed = exists().where(verification.c.introduction == introduction.c.id, verification.c.quarter == quarter)
    placed = exists().where(own, spell.c.start <= last, within(spell, tx.reach))
    city = on_first.order_by(spell.c.start).limit(1).scalar_subquery()
    query = select(introduction.c.id.label("introduction"), introduction.c.county, city.label("works_in")).where(
        placed, ~listed
    )
    if after is not None:
        query = query.where(introduction.c.id > after)
    return [Placed(**row._asdict()) for row in await tx.execute(query.order_by(introduction.c.id).limit(limit))]


async def list_verifications(
    tx: Transaction, quarter: str, after: UUID | None, limit: int, *, owner: str | None, answered: bool | None
) -> list[Verification]:
    query = _query().where(within(verification, tx.reach), verification.c.quarter == quarter)
    if after is not None:
        query = query.where(verification.c.id > after)
    if owner is not None:
        query = query.where(verification.c.owner == owner)
    if answered is not None:
        query = query.where(verification.c.outcome.is_not(None) if answered else verification.c.outcome.is_(None))
    rows = await tx.execute(query.order_by(verification.c.id).limit(limit + 1))
    return [Verification(**row._asdict()) for row in rows]


async def lock_verification(tx: Transaction, id: UUID) -> Verification:
    query = _query().where(verification.c.id == id, within(verification, tx.reach))
    row = (await tx.execute(query.with_for_update(of=verification))).one_or_none()
    if row is None:
        raise VerificationUnknown(f"{id}")
    return Verification(**row._asdict())


async def update_answer(tx: Transaction, id: UUID, found: Finding) -> None:
    answer = {"outcome": found.outcome, "grade": found.grade, "answered_on": found.on}
    await tx.execute(
        update(verification).where(verification.c.id == id).values(**answer, version=verification.c.version + 1)
    )


async def update_answer_of_owner(tx: Transaction, introduction_id: UUID, node: str, found: Finding) -> None:
    """The same of the quarter's task, if it is that node's."""
    task = (
        verification.c.introduction == introduction_id,
        verification.c.quarter == found.quarter,
        verification.c.owner == node,
    )
    answer = {"outcome": found.outcome, "grade": found.grade, "answered_on": found.on}
    await tx.execute(update(verification).where(*task).values(**answer, version=verification.c.version + 1))


async def upsert_finding(tx: Transaction, introduction_id: UUID, node: str, found: Finding) -> None:
    """What a node found on a day; said again, it replaces what it had said of that day."""
    facts = {"node": node, **asdict(found)}
    statement = insert(finding).values(id=new_id(), introduction=introduction_id, **facts)
    await tx.execute(statement.on_conflict_do_update(constraint="finding_once", set_=facts))
