"""Guests (外来务工人员) as this city's officers, their own county's officers who work here, and their employer look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from services.registry.store import guests


async def list_guests(tx: Transaction, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """An officer of this city sees all of them, one of a partner county the own people, an employer whom it was introduced to."""
    return await guests.list_guests(tx, after=after, limit=limit)


async def show_guest(tx: Transaction, one: UUID) -> Row[Any]:
    """One guest; to whoever may not see this one, there is none."""
    return await guests.get_guest(tx, one)


async def know_post(tx: Transaction, vacancy: UUID, employer_uscc: str) -> None:
    """Whose vacancy it is, so that this employer may ask for the names of those introduced to it."""
    await guests.put_post(tx, vacancy, employer_uscc)
