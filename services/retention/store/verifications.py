"""The quarter's verifications (核查): tasks with one owner, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction, new_id
from services.retention.rules.rate import Answer
from services.retention.tables import finding, introduction, spell, verification

_WITH_PLACES = verification.join(introduction, introduction.c.id == verification.c.introduction)


class VerificationUnknown(problems.NotFound):
    title = "没有这项核查 No such verification here"


async def assign(tx: Transaction, introduction_id: UUID, quarter: str, owner: str, on: date) -> bool:
    """Give a quarter's task to its owner; False when it is there already. A task that moves is to be answered anew."""
    statement = insert(verification).values(
        id=new_id(), introduction=introduction_id, quarter=quarter, owner=owner, moved_on=on
    )
    anew = {
        "owner": owner,
        "moved_on": on,
        "outcome": None,
        "grade": None,
        "answered_on": None,
        "version": verification.c.version + 1,
    }
    statement = statement.on_conflict_do_update(
        constraint="verification_quarter", set_=anew, where=verification.c.owner != owner
    )
    return (await tx.execute(statement.returning(verification.c.id))).one_or_none() is not None


async def open_task(tx: Transaction, introduction_id: UUID, quarter: str, owner: str, on: date) -> bool:
    """Put a task on the quarter's list unless it is there already."""
    statement = insert(verification).values(
        id=new_id(), introduction=introduction_id, quarter=quarter, owner=owner, moved_on=on
    )
    statement = statement.on_conflict_do_nothing(constraint="verification_quarter")
    return (await tx.execute(statement.returning(verification.c.id))).one_or_none() is not None


async def find_task(tx: Transaction, introduction_id: UUID, quarter: str) -> Row[Any] | None:
    same = (verification.c.introduction == introduction_id, verification.c.quarter == quarter)
    return (await tx.execute(select(verification).where(*same).with_for_update())).one_or_none()


async def list_verifications(
    tx: Transaction, quarter: str, after: UUID | None, limit: int, *, owner: str | None, answered: bool | None
) -> Sequence[Row[Any]]:
    query = select(
        verification, introduction.c.person, introduction.c.guest, introduction.c.county, introduction.c.city
    )
    query = query.select_from(_WITH_PLACES).where(within(verification, tx.reach), verification.c.quarter == quarter)
    if after is not None:
        query = query.where(verification.c.id > after)
    if owner is not None:
        query = query.where(verification.c.owner == owner)
    if answered is not None:
        query = query.where(verification.c.outcome.is_not(None) if answered else verification.c.outcome.is_(None))
    return (await tx.execute(query.order_by(verification.c.id).limit(limit + 1))).all()


async def lock_verification(tx: Transaction, id: UUID) -> Row[Any]:
    query = select(
        verification, introduction.c.person, introduction.c.guest, introduction.c.county, introduction.c.city
    )
    query = query.select_from(_WITH_PLACES).where(verification.c.id == id, within(verification, tx.reach))
    row = (await tx.execute(query.with_for_update(of=verification))).one_or_none()
    if row is None:
        raise VerificationUnknown(f"{id}")
    return row


async def put_answer(tx: Transaction, id: UUID, *, outcome: str, grade: str | None, on: date) -> None:
    answer = {"outcome": outcome, "grade": grade, "answered_on": on, "version": verification.c.version + 1}
    await tx.execute(update(verification).where(verification.c.id == id).values(**answer))


async def put_finding(tx: Transaction, introduction_id: UUID, **found: Any) -> None:
    """What a node found on a day; said again, it replaces what it had said of that day."""
    statement = insert(finding).values(id=new_id(), introduction=introduction_id, **found)
    await tx.execute(statement.on_conflict_do_update(constraint="finding_once", set_=found))


async def findings(tx: Transaction) -> dict[UUID, list[Answer]]:
    """Everything found, by introduction."""
    found: dict[UUID, list[Answer]] = {}
    for row in await tx.execute(select(finding)):
        found.setdefault(row.introduction, []).append(Answer(row.quarter, row.outcome, row.grade, row.on))
    return found


async def placed(tx: Transaction) -> Sequence[Row[Any]]:
    """Every introduction that led to a spell, with that spell: one row a spell, oldest first."""
    query = (
        select(spell, introduction.c.person)
        .join(introduction, introduction.c.id == spell.c.introduction)
        .where(within(spell, tx.reach))
    )
    return (await tx.execute(query.order_by(spell.c.introduction, spell.c.start))).all()
