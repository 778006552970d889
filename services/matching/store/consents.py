"""Withdrawn consents (撤回同意) in the database: the fact, when the other side erased the card, and nobody's name."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of
from libs.common.single_rows import find_one
from services.matching.rules.introductions.records import ConsentWithdrawal, GivenConsent
from services.matching.tables.introductions import guests, introductions, steps, withdrawals

_WITHDRAWAL = columns_of(withdrawals, ConsentWithdrawal)


async def insert_withdrawal_if_absent(tx: Transaction, withdrawal: ConsentWithdrawal) -> bool:
    """Record a withdrawal; False when it is on record already."""
    new = insert(withdrawals).values(vars(withdrawal)).on_conflict_do_nothing()
    return (await tx.execute(new.returning(withdrawals.c.introduction))).one_or_none() is not None


async def find_consent(tx: Transaction, introduction: UUID) -> GivenConsent | None:
    """What an officer of this county recorded when the person said yes, with who recorded it and when."""
    one, said = introductions.c, steps.c
    told = select(
        one.introduction,
        one.person,
        one.county,
        one.city,
        one.vacancy,
        one.consent,
        one.consent_on,
        said.by,
        said.recorded_at,
    )
    told = told.join(steps, (said.introduction == one.introduction) & (said.state == "agreed"))
    mine = (
        one.introduction == introduction,
        one.county == tx.node.code,
        one.person.is_not(None),
        one.consent_on.is_not(None),
    )
    last = told.where(*mine).order_by(said.number.desc()).limit(1)
    return await find_one(tx, last, GivenConsent)


async def find_withdrawal(tx: Transaction, introduction: UUID, county: str) -> ConsentWithdrawal | None:
    """The withdrawal of an introduction's consent, as its own county has told it."""
    mine = (withdrawals.c.introduction == introduction, withdrawals.c.county == county)
    return await find_one(tx, select(*_WITHDRAWAL).where(*mine), ConsentWithdrawal)


async def update_withdrawal_erased(tx: Transaction, introduction: UUID, *, city: str, on: date) -> None:
    """The city says that the card is gone; the first word counts."""
    mine = (withdrawals.c.introduction == introduction, withdrawals.c.city == city, withdrawals.c.erased_on.is_(None))
    await tx.execute(update(withdrawals).where(*mine).values(erased_on=on))


async def delete_guest(tx: Transaction, introduction: UUID, county: str) -> None:
    """The facts that came with the card."""
    await tx.execute(delete(guests).where(guests.c.introduction == introduction, guests.c.county == county))
