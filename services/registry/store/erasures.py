"""Erasures (删除) in the database: who asked and approved, what each service has erased, and the rows of a person as they go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.registry.tables import (
    batch,
    card,
    change,
    erasure,
    erasure_part,
    household,
    person,
    situation,
    wish,
    withdrawal,
)


class ErasureNotFound(NotFound):
    title = "没有这项删除 No such erasure"


async def insert_erasure_if_absent(tx: Transaction, values: dict[str, Any]) -> None:
    await tx.execute(insert(erasure).values(**values).on_conflict_do_nothing())


async def lock_erasure(tx: Transaction, one: UUID) -> Row[Any]:
    """One erasure, locked; raises ErasureNotFound."""
    return _found(
        (await tx.execute(select(erasure).where(erasure.c.person == one).with_for_update())).one_or_none(), one
    )


async def get_erasure(tx: Transaction, one: UUID) -> Row[Any]:
    return _found((await tx.execute(select(erasure).where(erasure.c.person == one))).one_or_none(), one)


def _found(row: Row[Any] | None, one: UUID) -> Row[Any]:
    if row is None:
        raise ErasureNotFound(str(one))
    return row


async def is_erased(tx: Transaction, one: UUID) -> bool:
    """Whether the person is forgotten here: nothing that comes late brings them back."""
    return bool(
        (await tx.execute(select(exists().where(erasure.c.person == one, erasure.c.erased_on.is_not(None))))).scalar()
    )


async def update_erasure(tx: Transaction, one: UUID, **values: Any) -> None:
    await tx.execute(update(erasure).where(erasure.c.person == one).values(**values))


async def insert_parts_if_absent(
    tx: Transaction, one: UUID, service: str, erased: dict[str, int], kept: dict[str, int]
) -> None:
    """What a service says: rows by table, and rows that it keeps."""
    rows = [
        {"person": one, "service": service, "table": table, "rows": count, "kept": False}
        for table, count in erased.items()
    ]
    rows += [
        {"person": one, "service": service, "table": table, "rows": count, "kept": True}
        for table, count in kept.items()
    ]
    if rows:
        await tx.execute(insert(erasure_part).values(rows).on_conflict_do_nothing())


async def list_parts(tx: Transaction, one: UUID) -> Sequence[Row[Any]]:
    query = select(erasure_part).where(erasure_part.c.person == one)
    return (await tx.execute(query.order_by(erasure_part.c.service, erasure_part.c.kept, erasure_part.c.table))).all()


async def list_cards(tx: Transaction, one: UUID) -> Sequence[Row[Any]]:
    """The cards that were sealed for a person, and when their cities said that they are gone."""
    told = select(card.c.introduction, card.c.city, withdrawal.c.erased_on)
    joined = told.outerjoin(withdrawal, withdrawal.c.introduction == card.c.introduction)
    return (await tx.execute(joined.where(card.c.person == one).order_by(card.c.introduction))).all()


async def list_refused(tx: Transaction) -> Sequence[Row[Any]]:
    """The sealed workbooks of refused rows."""
    return (
        await tx.execute(select(batch.c.id, batch.c.refused_sealed).where(batch.c.refused_sealed.is_not(None)))
    ).all()


async def delete_refused(tx: Transaction, batches: Sequence[UUID]) -> int:
    return (await tx.execute(update(batch).where(batch.c.id.in_(batches)).values(refused_sealed=None))).rowcount


async def delete_person(tx: Transaction, one: UUID, home: UUID) -> dict[str, int]:
    """Every row of a person, and the household when nobody else is in it; rows by table. Cards stay: ids, a city and a day."""
    empty = ~exists().where(person.c.household == home)
    statements = {
        "situation": delete(situation).where(situation.c.person == one),
        "wish": delete(wish).where(wish.c.person == one),
        "wish.partner": update(wish).where(wish.c.partner == one).values(partner=None),
        "change": delete(change).where(change.c.person == one),
        "person": delete(person).where(person.c.id == one),
        "household": delete(household).where(household.c.id == home, empty),
    }
    return {name: (await tx.execute(statement)).rowcount for name, statement in statements.items()}
