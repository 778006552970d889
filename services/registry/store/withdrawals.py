"""Withdrawn consents (撤回同意) in the database: which introduction, since when, and when the card was gone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of
from libs.common.single_rows import find_one
from services.registry.rules.guests import Withdrawal
from services.registry.tables import withdrawal


async def insert_withdrawal_if_absent(tx: Transaction, fact: Withdrawal) -> None:
    """The first word counts."""
    await tx.execute(insert(withdrawal).values(vars(fact)).on_conflict_do_nothing())


async def find_withdrawal(tx: Transaction, introduction: UUID, county: str) -> Withdrawal | None:
    """The withdrawal of an introduction's consent, as its own county has told it."""
    mine = (withdrawal.c.introduction == introduction, withdrawal.c.county == county)
    return await find_one(tx, select(*columns_of(withdrawal, Withdrawal)).where(*mine), Withdrawal)


async def update_guest_erased(tx: Transaction, introduction: UUID, county: str, guest: UUID | None, on: date) -> bool:
    """The card is gone here; False when that was noted before."""
    mine = (withdrawal.c.introduction == introduction, withdrawal.c.county == county, withdrawal.c.erased_on.is_(None))
    noted = update(withdrawal).where(*mine).values(guest=guest, erased_on=on).returning(withdrawal.c.introduction)
    return (await tx.execute(noted)).one_or_none() is not None


async def update_city_erased(tx: Transaction, introduction: UUID, *, city: str, on: date) -> None:
    """The city has said that the card is gone; the first word counts."""
    mine = (withdrawal.c.introduction == introduction, withdrawal.c.city == city, withdrawal.c.erased_on.is_(None))
    await tx.execute(update(withdrawal).where(*mine).values(erased_on=on))
