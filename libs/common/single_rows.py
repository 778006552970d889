"""One row or none (一行): what a store finds by its key is a fact of the domain, or it is missing."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.sql import Executable

from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import read_row

F = TypeVar("F")


async def find_one(tx: Transaction, query: Executable, kind: type[F]) -> F | None:
    """The one row that a statement gives, if it gives one."""
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else read_row(kind, row)


async def get_one(tx: Transaction, query: Executable, kind: type[F], missing: NotFound) -> F:
    """The same where there must be one; raises `missing`."""
    found = await find_one(tx, query, kind)
    if found is None:
        raise missing
    return found
