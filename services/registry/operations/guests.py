"""Guests (外来务工人员) as this city's officers, their own county's officers who work here, and their employer look them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from libs.common.identity import Caller, prefix_of
from libs.common.problems import Forbidden
from services.registry.operations.access import NAMES
from services.registry.store import guests
from services.registry.store.guests import GuestNotFound


async def list_guests(tx: Transaction, caller: Caller, *, after: UUID | None, limit: int) -> Sequence[Row[Any]]:
    """An officer of this city sees all of them, one of a partner county the own people, an employer whom it was introduced to."""
    firm = _firm_of(caller)
    counties = () if firm is not None or caller.covers(tx.home.code) else tuple(prefix_of(region) for region in caller.regions)
    return await guests.list_guests(tx, counties=counties, employer_uscc=firm, after=after, limit=limit)


async def show_guest(tx: Transaction, caller: Caller, one: UUID) -> Row[Any]:
    """One guest; to whoever may not see this one, there is none."""
    row = await guests.get_guest(tx, one)
    firm = _firm_of(caller)
    known = row.employer_uscc == firm if firm is not None else caller.covers(tx.home.code) or caller.covers(row.county)
    if not known:
        raise GuestNotFound(str(one))
    return row


async def know_post(tx: Transaction, vacancy: UUID, employer_uscc: str) -> None:
    """Whose vacancy it is, so that this employer may ask for the names of those introduced to it."""
    await guests.put_post(tx, vacancy, employer_uscc)


def _firm_of(caller: Caller) -> str | None:
    """The employer a caller speaks for; None for officers and others who read the register."""
    if caller.role != "employer":
        caller.check_scopes(["registry:read"])
        return None
    caller.check_scopes([NAMES])
    if not caller.organisation:
        raise Forbidden("令牌没有单位 The token names no organisation.")
    return caller.organisation
