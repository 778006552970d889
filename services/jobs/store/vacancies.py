"""Vacancies in the database: inserted once by fingerprint, locked for a change, listed by what people ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from libs.common.access.rows import within
from libs.common.database import Transaction, insert_all
from libs.common.prepared_queries import PreparedQuery
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import find_one, get_one
from services.jobs.rules.employers import Employer
from services.jobs.rules.refusals import VacancyNotFound
from services.jobs.rules.vacancies import Vacancy, changed_fields
from services.jobs.tables import vacancies

_COLUMNS = columns_of(vacancies, Vacancy)


# The first day and the last one.
Days = tuple[date, date]


@dataclass(frozen=True)
class Wanted:
    """What a list of vacancies is narrowed to; None does not narrow."""

    state: str | None = None
    occupation: str | None = None
    wage_from: int | None = None
    reserved: bool | None = None
    employer_uscc: str | None = None
    paused: str | None = None
    expiring: Days | None = None


async def insert_vacancies_if_absent(tx: Transaction, given: Sequence[Vacancy]) -> list[Vacancy]:
    """Those not known yet (by fingerprint), as stored, in the order of entry."""
    if not given:
        return []
    added = await tx.ask(_adding(), rows=[vars(each) for each in given])
    return sorted(added, key=lambda each: each.id)


@cache
def _adding() -> PreparedQuery[Vacancy]:
    new = insert_all(vacancies, [column.name for column in _COLUMNS])
    kept = new.on_conflict_do_nothing(constraint="vacancies_fingerprint").returning(*_COLUMNS)
    return PreparedQuery(kept, into=Vacancy)


async def get_vacancy(tx: Transaction, vacancy: UUID) -> Vacancy:
    """One within the caller's reach; raises VacancyNotFound."""
    query = select(*_COLUMNS).where(vacancies.c.id == vacancy, within(vacancies, tx.reach))
    return await get_one(tx, query, Vacancy, VacancyNotFound())


async def lock_vacancy(tx: Transaction, vacancy: UUID) -> Vacancy | None:
    """The vacancy, locked until the end of the transaction: whoever announces it next must wait."""
    query = select(*_COLUMNS).where(vacancies.c.id == vacancy, within(vacancies, tx.reach)).with_for_update()
    return await find_one(tx, query, Vacancy)


async def update_vacancy(tx: Transaction, before: Vacancy, after: Vacancy) -> Vacancy:
    """Write what differs, count the version up, return the vacancy as it is stored."""
    changes = {name: getattr(after, name) for name in changed_fields(before, after)}
    changed = update(vacancies).where(vacancies.c.id == before.id).values(**changes, version=vacancies.c.version + 1)
    return read_row(Vacancy, (await tx.execute(changed.returning(*_COLUMNS))).one())


async def list_ids_of_employer(tx: Transaction, employer: UUID) -> list[UUID]:
    """Every vacancy of a firm, whatever became of it."""
    found = await tx.execute(select(vacancies.c.id).where(vacancies.c.employer == employer).order_by(vacancies.c.id))
    return list(found.scalars())


async def update_employer_of(tx: Transaction, employer: UUID, now: Employer) -> list[Vacancy]:
    """All vacancies of an employer carry another's id, code and name; answers them as they are stored."""
    carried = {"employer": now.id, "employer_uscc": now.uscc, "employer_name": now.name}
    changed = update(vacancies).where(vacancies.c.employer == employer)
    changed = changed.values(**carried, version=vacancies.c.version + 1).returning(*_COLUMNS)
    return sorted(read_rows(Vacancy, await tx.execute(changed)), key=lambda each: each.id)


async def list_vacancies(tx: Transaction, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Vacancy]:
    """One more than the page holds, in the order of entry."""
    conditions = [within(vacancies, tx.reach), *_conditions(wanted)]
    if after is not None:
        conditions.append(vacancies.c.id > after)
    query = select(*_COLUMNS).where(*conditions).order_by(vacancies.c.id).limit(limit + 1)
    return read_rows(Vacancy, await tx.execute(query))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column in ("state", "occupation", "employer_uscc", "paused"):
        value = getattr(wanted, column)
        if value is not None:
            found.append(vacancies.c[column] == value)
    if wanted.expiring is not None:
        offered = vacancies.c.state == "vetted", vacancies.c.paused.is_(None)
        found += [*offered, vacancies.c.valid_until.between(*wanted.expiring)]
    if wanted.wage_from is not None:
        found.append(vacancies.c.wage >= wanted.wage_from)
    if wanted.reserved is not None:
        found.append(vacancies.c.reserved != {} if wanted.reserved else vacancies.c.reserved == {})
    return found
