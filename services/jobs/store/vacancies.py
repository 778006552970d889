"""Vacancies in the database: added once by fingerprint, locked for a change, listed by what people ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction, insert_all
from libs.common.prepared_queries import PreparedQuery
from services.jobs.tables import vacancies


@dataclass(frozen=True)
class Wanted:
    """What a list of vacancies is narrowed to; None does not narrow."""

    state: str | None = None
    occupation: str | None = None
    wage_from: int | None = None
    reserved: bool | None = None
    employer_uscc: str | None = None


async def add_vacancies(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[Row[Any]]:
    """Insert those not known yet (by fingerprint) and return them as stored, in the order of entry."""
    if not rows:
        return []
    added = await tx.ask(_adding(tuple(rows[0])), rows=rows)
    return sorted(added, key=lambda row: row.id)


@cache
def _adding(names: tuple[str, ...]) -> PreparedQuery:
    return PreparedQuery(
        insert_all(vacancies, names).on_conflict_do_nothing(constraint="vacancies_fingerprint").returning(vacancies)
    )


async def find_vacancy(tx: Transaction, vacancy: UUID) -> Row[Any] | None:
    return (
        await tx.execute(select(vacancies).where(vacancies.c.id == vacancy, within(vacancies, tx.reach)))
    ).one_or_none()


async def lock_vacancy(tx: Transaction, vacancy: UUID) -> Row[Any] | None:
    """The vacancy, locked until the end of the transaction: whoever announces it next must wait."""
    return (
        await tx.execute(
            select(vacancies).where(vacancies.c.id == vacancy, within(vacancies, tx.reach)).with_for_update()
        )
    ).one_or_none()


async def change_vacancy(tx: Transaction, vacancy: UUID, changes: Mapping[str, Any]) -> Row[Any]:
    """Write changes, count the version up, return the row as it is now."""
    changed = update(vacancies).where(vacancies.c.id == vacancy).values(**changes, version=vacancies.c.version + 1)
    return (await tx.execute(changed.returning(vacancies))).one()


async def list_vacancies(tx: Transaction, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Row[Any]]:
    """One row more than the page holds, in the order of entry."""
    conditions = [within(vacancies, tx.reach), *_conditions(wanted)]
    if after is not None:
        conditions.append(vacancies.c.id > after)
    return list(await tx.execute(select(vacancies).where(*conditions).order_by(vacancies.c.id).limit(limit + 1)))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column in ("state", "occupation", "employer_uscc"):
        value = getattr(wanted, column)
        if value is not None:
            found.append(vacancies.c[column] == value)
    if wanted.wage_from is not None:
        found.append(vacancies.c.wage >= wanted.wage_from)
    if wanted.reserved is not None:
        found.append(vacancies.c.reserved != {} if wanted.reserved else vacancies.c.reserved == {})
    return found
