"""Employers in the database: saved by credit code, found by name, listed by region."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.prepared_queries import PreparedQuery
from services.jobs.tables import employers

_RENEWED = ("name", "folded_name", "district", "industry", "staff", "designated", "base", "contact", "phone")


async def save_employers(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """New ones go in; of a known code the newer sheet's row counts. `listed_on` keeps the first date."""
    if not rows:
        return
    new = insert(employers)
    renewed = {column: new.excluded[column] for column in _RENEWED} | {"version": employers.c.version + 1}
    await tx.execute(new.on_conflict_do_update(constraint="employers_city_uscc", set_=renewed), list(rows))


async def find_by_names(tx: Transaction, city: str) -> dict[str, Row[Any]]:
    """A city's employers by folded name."""
    found = await tx.execute(select(employers).where(employers.c.city == city))
    return {row.folded_name: row for row in found}


async def find_by_uscc(tx: Transaction, city: str, uscc: str) -> Row[Any] | None:
    found = await tx.ask(_by_uscc(), city=city, uscc=uscc)
    return found[0] if found else None


@cache
def _by_uscc() -> PreparedQuery:
    return PreparedQuery(
        select(employers).where(employers.c.city == bindparam("city"), employers.c.uscc == bindparam("uscc"))
    )


async def find_employer(tx: Transaction, employer: UUID) -> Row[Any] | None:
    return (
        await tx.execute(select(employers).where(employers.c.id == employer, within(employers, tx.reach)))
    ).one_or_none()


async def list_employers(tx: Transaction, *, designated: bool | None, after: UUID | None, limit: int) -> list[Row[Any]]:
    """One row more than the page holds, in the order of entry."""
    wanted = [within(employers, tx.reach)]
    if designated is not None:
        wanted.append(employers.c.designated == designated)
    if after is not None:
        wanted.append(employers.c.id > after)
    return list(await tx.execute(select(employers).where(*wanted).order_by(employers.c.id).limit(limit + 1)))
