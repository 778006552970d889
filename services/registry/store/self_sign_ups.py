"""Sign-ups without an account (扫码报名) in the database: given once, listed for a desk, forgotten after the fair."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.self_sign_ups import SelfSignUp, SelfSignUpNotFound, SelfSignUpState
from services.registry.tables import self_sign_up

_COLUMNS = columns_of(self_sign_up, SelfSignUp)


async def insert_self_sign_up_if_absent(tx: Transaction, given: SelfSignUp) -> None:
    """The same given again is there already."""
    await tx.execute(insert(self_sign_up).values(vars(given)).on_conflict_do_nothing(index_elements=["known_by"]))


async def count_waiting(tx: Transaction, fair: UUID) -> int:
    waiting = self_sign_up.c.fair == fair, self_sign_up.c.state == "waiting"
    return int((await tx.execute(select(func.count()).where(*waiting))).scalar_one())


async def get_self_sign_up(tx: Transaction, fair: UUID, one: UUID) -> SelfSignUp:
    """One of a fair; raises SelfSignUpNotFound."""
    query = select(*_COLUMNS).where(self_sign_up.c.fair == fair, self_sign_up.c.id == one)
    return await get_one(tx, query, SelfSignUp, SelfSignUpNotFound())


async def lock_self_sign_up(tx: Transaction, fair: UUID, one: UUID) -> SelfSignUp:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(self_sign_up.c.fair == fair, self_sign_up.c.id == one).with_for_update()
    return await get_one(tx, query, SelfSignUp, SelfSignUpNotFound())


async def update_self_sign_up(tx: Transaction, after: SelfSignUp) -> None:
    await tx.execute(update(self_sign_up).where(self_sign_up.c.id == after.id).values(vars(after)))


async def list_self_sign_ups(
    tx: Transaction, fair: UUID, *, state: SelfSignUpState | None, after: UUID | None, limit: int
) -> list[SelfSignUp]:
    """Of one fair, in the order in which they were given."""
    query = select(*_COLUMNS).where(self_sign_up.c.fair == fair)
    query = query if state is None else query.where(self_sign_up.c.state == state)
    query = query if after is None else query.where(self_sign_up.c.id > after)
    return read_rows(SelfSignUp, await tx.execute(query.order_by(self_sign_up.c.id).limit(limit)))


async def delete_self_sign_ups_before(tx: Transaction, today: date, batch: int) -> int:
    """Those that are to be forgotten by now, so many of them; how many went."""
    old = select(self_sign_up.c.id).where(self_sign_up.c.forget_on < today).limit(batch)
    return (await tx.execute(delete(self_sign_up).where(self_sign_up.c.id.in_(old)))).rowcount
