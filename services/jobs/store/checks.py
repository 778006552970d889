"""Checks in the database: the hires to draw from, the lines that were drawn, how far each check is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, update

from libs.common.access.rows import within
from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.checks import GRACE_DAYS, Check, CheckOfFirm, ChecksWanted, Hire, Line
from services.jobs.rules.refusals import CheckNotFound, LineNotFound
from services.jobs.tables import check_lines, checks, employers, hires, vacancies

_CHECK, _LINE = columns_of(checks, Check), columns_of(check_lines, Line)


async def list_hires_of(tx: Transaction, employer: UUID, since: date, until: date) -> list[Hire]:
    """Who was hired at the firm's vacancies on these days; not who did not come."""
    columns = hires.c.introduction, hires.c.vacancy, hires.c.hired_on
    query = select(*columns).select_from(hires.join(vacancies, vacancies.c.id == hires.c.vacancy))
    own = vacancies.c.employer == employer, hires.c.hired_on.between(since, until), ~hires.c.released
    return read_rows(Hire, await tx.execute(query.where(*own).order_by(hires.c.introduction)))


async def insert_check(tx: Transaction, check: Check, lines: Sequence[Line]) -> None:
    await tx.execute(insert(checks).values(vars(check)))
    await tx.execute(insert(check_lines), [vars(line) for line in lines])


async def lock_check(tx: Transaction, check: UUID) -> Check:
    """One within the caller's reach, held; raises CheckNotFound."""
    query = select(*_CHECK).where(checks.c.id == check, within(checks, tx.reach)).with_for_update()
    return await get_one(tx, query, Check, CheckNotFound())


async def lock_checks_overdue(tx: Transaction, day: date, limit: int) -> list[Check]:
    """Those that wait for their firm after the due day and were not warned, or whose days after the warning are over, held."""
    late = checks.c.warned_on.is_(None), checks.c.due < day
    query = select(*_CHECK).where(
        checks.c.state == "asked", or_(late[0] & late[1], checks.c.warned_on < add_days(day, -GRACE_DAYS))
    )
    return read_rows(Check, await tx.execute(query.order_by(checks.c.id).limit(limit).with_for_update()))


async def update_check(tx: Transaction, before: Check, after: Check) -> Check:
    values = {**vars(after), "version": checks.c.version + 1}
    changed = update(checks).where(checks.c.id == before.id).values(values).returning(*_CHECK)
    return read_row(Check, (await tx.execute(changed)).one())


async def update_checks_merged(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """What one entry of a firm was asked, the other one was."""
    await tx.execute(update(checks).where(checks.c.employer == goes).values(employer=stays))


async def get_line(tx: Transaction, check: UUID, line: UUID) -> Line:
    """One line of a check; raises LineNotFound."""
    query = select(*_LINE).where(check_lines.c.check == check, check_lines.c.id == line, within(check_lines, tx.reach))
    return await get_one(tx, query, Line, LineNotFound())


async def list_lines(tx: Transaction, check: UUID) -> list[Line]:
    """In the order in which they were drawn."""
    query = select(*_LINE).where(check_lines.c.check == check).order_by(check_lines.c.id)
    return read_rows(Line, await tx.execute(query))


async def update_line(tx: Transaction, after: Line) -> None:
    await tx.execute(update(check_lines).where(check_lines.c.id == after.id).values(vars(after)))


async def get_check(tx: Transaction, check: UUID) -> CheckOfFirm:
    """One with its firm and how far it is; raises CheckNotFound."""
    query = _of_firms().where(checks.c.id == check, within(checks, tx.reach))
    return await get_one(tx, query, CheckOfFirm, CheckNotFound())


async def list_checks(tx: Transaction, wanted: ChecksWanted, *, after: UUID | None, limit: int) -> list[CheckOfFirm]:
    """One more than the page holds, in the order of entry."""
    query = _of_firms().where(within(checks, tx.reach), *_conditions(wanted))
    query = query if after is None else query.where(checks.c.id > after)
    return read_rows(CheckOfFirm, await tx.execute(query.order_by(checks.c.id).limit(limit + 1)))


def _conditions(wanted: ChecksWanted) -> list[ColumnElement[bool]]:
    columns = (
        (checks.c.state, wanted.state),
        (checks.c.outcome, wanted.outcome),
        (employers.c.uscc, wanted.employer_uscc),
    )
    return [column == value for column, value in columns if value is not None]


def _of_firms() -> Select[Any]:
    firm = employers.c.city, employers.c.uscc.label("employer_uscc"), employers.c.name.label("employer_name")
    counts = {
        "drawn": check_lines.c.id.is_not(None),
        "answered": check_lines.c.answered_on.is_not(None),
        **{verdict: check_lines.c.verdict == verdict for verdict in ("kept", "not_kept", "no_answer")},
    }
    counted = [_count(which).label(name) for name, which in counts.items()]
    return select(*_CHECK, *firm, *counted).select_from(checks.join(employers, employers.c.id == checks.c.employer))


def _count(which: ColumnElement[bool]) -> Any:
    query = select(func.count()).where(check_lines.c.check == checks.c.id, which)
    return query.correlate(checks).scalar_subquery()
