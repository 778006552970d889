"""Employers (企业) as officers look them up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from services.jobs.rules.refusals import EmployerNotFound
from services.jobs.store import employers


async def list_employers(tx: Transaction, *, designated: bool | None, after: UUID | None, limit: int) -> list[Row[Any]]:
    """Employers of the caller's regions; an employer sees itself."""
    return await employers.list_employers(tx, designated=designated, after=after, limit=limit)


async def show_employer(tx: Transaction, employer: UUID) -> Row[Any]:
    row = await employers.find_employer(tx, employer)
    if row is None:
        raise EmployerNotFound()
    return row
