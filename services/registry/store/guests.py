"""Sealed cards and guests (外来务工人员) in the database, and whose vacancy a guest was introduced to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.problems import NotFound
from services.registry.tables import card, guest, post


class GuestNotFound(NotFound):
    title = "没有这位外来务工人员 No such guest here"


async def add_card(tx: Transaction, values: dict[str, Any]) -> bool:
    """Note that a card was sealed; False when it had been before."""
    new = insert(card).values(**values).on_conflict_do_nothing()
    return (await tx.execute(new.returning(card.c.introduction))).one_or_none() is not None


async def add_guest(tx: Transaction, values: dict[str, Any]) -> bool:
    """Keep a guest; False when this introduction's card was opened before."""
    new = insert(guest).values(**values).on_conflict_do_nothing(index_elements=["introduction"])
    return (await tx.execute(new.returning(guest.c.id))).one_or_none() is not None


async def delete_guest(tx: Transaction, introduction: UUID, county: str) -> UUID | None:
    """The guest who came with an introduction of a county; answers whose row it was."""
    gone = delete(guest).where(guest.c.introduction == introduction, guest.c.county == county)
    return (await tx.execute(gone.returning(guest.c.id))).scalar_one_or_none()


async def get_guest(tx: Transaction, one: UUID) -> Row[Any]:
    row = (await tx.execute(_guests().where(guest.c.id == one, within(guest, tx.reach)))).one_or_none()
    if row is None:
        raise GuestNotFound(str(one))
    return row


async def list_guests(tx: Transaction, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Guests in the order of entry."""
    query = _guests().where(within(guest, tx.reach)).order_by(guest.c.id).limit(limit)
    if after is not None:
        query = query.where(guest.c.id > after)
    return (await tx.execute(query)).all()


async def put_post(tx: Transaction, vacancy: UUID, employer_uscc: str) -> None:
    """Whose vacancy it is; the newest word counts."""
    new = insert(post).values(vacancy=vacancy, employer_uscc=employer_uscc)
    await tx.execute(new.on_conflict_do_update(index_elements=["vacancy"], set_={"employer_uscc": employer_uscc}))


def _guests() -> Select[Any]:
    return select(guest, post.c.employer_uscc).outerjoin(post, post.c.vacancy == guest.c.vacancy)
