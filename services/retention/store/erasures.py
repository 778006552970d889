"""Forgotten people (删除) in the database: a mark, and how much is kept under their ids."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.retention.tables import claim, erased, help_request, introduction, ledger, person, service


async def insert_erased_if_absent(tx: Transaction, one: UUID, on: date) -> bool:
    """Mark a person as forgotten; False when marked before."""
    new = insert(erased).values(id=one, on=on).on_conflict_do_nothing()
    return (await tx.execute(new.returning(erased.c.id))).one_or_none() is not None


async def find_erased(tx: Transaction, one: UUID) -> date | None:
    return (await tx.execute(select(erased.c.on).where(erased.c.id == one))).scalar_one_or_none()


async def delete_person(tx: Transaction, one: UUID) -> dict[str, int]:
    """The township, and what she wrote when she asked for help; rows by table."""
    statements = {
        "person": delete(person).where(person.c.id == one),
        "help_request": delete(help_request).where(help_request.c.person == one),
    }
    return {name: (await tx.execute(statement)).rowcount for name, statement in statements.items()}


async def count_kept(tx: Transaction, one: UUID) -> dict[str, int]:
    """Rows that name the person by id, by table."""
    tables = (introduction, service, claim, ledger)
    counted = {table.name: select(func.count()).select_from(table).where(table.c.person == one) for table in tables}
    return {name: (await tx.execute(query)).scalar_one() for name, query in counted.items()}
