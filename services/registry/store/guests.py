"""Sealed cards and guests (外来务工人员) in the database, and whose vacancy a guest was introduced to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.guests import Card, Guest
from services.registry.tables import card, guest, post

_COLUMNS = columns_of(guest, Guest)


class GuestNotFound(NotFound):
    title = "没有这位外来务工人员 No such guest here"


async def insert_card_if_absent(tx: Transaction, given: Card) -> bool:
    """Note that a card was sealed; False when it had been before."""
    new = insert(card).values(vars(given)).on_conflict_do_nothing()
    return (await tx.execute(new.returning(card.c.introduction))).one_or_none() is not None


async def insert_guest_if_absent(tx: Transaction, given: Guest) -> bool:
    """Keep a guest; False when this introduction's card was opened before."""
    new = insert(guest).values(vars(given)).on_conflict_do_nothing(index_elements=["introduction"])
    return (await tx.execute(new.returning(guest.c.id))).one_or_none() is not None


async def delete_guest(tx: Transaction, introduction: UUID, county: str) -> UUID | None:
    """The guest who came with an introduction of a county; answers whose row it was."""
    gone = delete(guest).where(guest.c.introduction == introduction, guest.c.county == county)
    return (await tx.execute(gone.returning(guest.c.id))).scalar_one_or_none()


async def get_guest(tx: Transaction, one: UUID) -> Guest:
    """One guest: an officer of this city sees all, one of a partner county the own people, an employer whom it was introduced to.

    Raises GuestNotFound: to whoever may not see this one, there is none.
    """
    query = select(*_COLUMNS).where(guest.c.id == one, within(guest, tx.reach))
    return await get_one(tx, query, Guest, GuestNotFound(str(one)))


async def list_guests(
    tx: Transaction, *, after: UUID | None, limit: int, introduction: UUID | None = None
) -> list[Guest]:
    """Those whom the caller may see, in the order of entry; who came with one introduction or application alone."""
    query = select(*_COLUMNS).where(within(guest, tx.reach)).order_by(guest.c.id).limit(limit)
    query = query if introduction is None else query.where(guest.c.introduction == introduction)
    return read_rows(Guest, await tx.execute(query if after is None else query.where(guest.c.id > after)))


async def upsert_post(tx: Transaction, vacancy: UUID, employer_uscc: str) -> None:
    """Whose vacancy it is, so that this employer may ask for the names of those introduced to it; the newest word counts."""
    new = insert(post).values(vacancy=vacancy, employer_uscc=employer_uscc)
    await tx.execute(new.on_conflict_do_update(index_elements=["vacancy"], set_={"employer_uscc": employer_uscc}))


async def update_posts_merged(tx: Transaction, former_uscc: str, employer_uscc: str) -> None:
    """An employer's posts under its former credit code are those under the one that stands for it now."""
    await tx.execute(update(post).where(post.c.employer_uscc == former_uscc).values(employer_uscc=employer_uscc))
