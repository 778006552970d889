"""Codes by which labourers sign in (登录码) in the database: found by their first digits, counted, replaced, forgotten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of
from libs.common.single_rows import find_one, get_one
from services.registry.rules.sign_in_codes import SignInCode
from services.registry.tables import sign_in_code

_COLUMNS = columns_of(sign_in_code, SignInCode)


class CodeNotFound(NotFound):
    title = "没有这个登录码 No such code"


async def insert_code_if_absent(tx: Transaction, given: SignInCode) -> bool:
    """False where another code has these first digits."""
    new = insert(sign_in_code).values(vars(given)).on_conflict_do_nothing(index_elements=["handle"])
    return (await tx.execute(new.returning(sign_in_code.c.id))).scalar() is not None


async def get_code(tx: Transaction, person: UUID, one: UUID) -> SignInCode:
    """One of a person; raises CodeNotFound."""
    query = select(*_COLUMNS).where(sign_in_code.c.id == one, sign_in_code.c.person == person)
    return await get_one(tx, query, SignInCode, CodeNotFound(str(one)))


async def lock_code_if_known(tx: Transaction, handle: str) -> SignInCode | None:
    """By its first digits, held until the end of the transaction, so that tries at once are counted one by one."""
    return await find_one(tx, select(*_COLUMNS).where(sign_in_code.c.handle == handle).with_for_update(), SignInCode)


async def update_code(tx: Transaction, given: SignInCode) -> None:
    await tx.execute(update(sign_in_code).where(sign_in_code.c.id == given.id).values(vars(given)))


async def update_replaced(tx: Transaction, person: UUID, now: datetime) -> None:
    """Whatever a person was given before opens nothing any more."""
    open_ones = sign_in_code.c.person == person, sign_in_code.c.used_at.is_(None), sign_in_code.c.replaced_at.is_(None)
    await tx.execute(update(sign_in_code).where(*open_ones).values(replaced_at=now))


async def delete_codes_expired_before(tx: Transaction, moment: datetime, batch: int) -> int:
    """So many of them; how many went."""
    old = select(sign_in_code.c.id).where(sign_in_code.c.expires_at < moment).limit(batch)
    return (await tx.execute(delete(sign_in_code).where(sign_in_code.c.id.in_(old)))).rowcount
