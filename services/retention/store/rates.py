"""Checks behind a retention rate (稳岗率): the facts of each placing on its day, counted or page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Date, Select, Text, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from libs.common.access.rows import within
from libs.common.database import Transaction
from services.retention.rules.rate import Check, DueCheck
from services.retention.tables import finding, introduction, spell

_EMPLOYER = func.coalesce(spell.c.employer_uscc, cast(spell.c.vacancy, Text))


async def count_checks(
    tx: Transaction, month: int, as_of: date, county: str | None, city: str | None
) -> Sequence[tuple[Check, int]]:
    """Every combination of facts that was found on the day of a check, and how often."""
    facts = _checks(tx, month, as_of, county, city).subquery()
    known = (facts.c.same_employer, facts.c.outcome, facts.c.grade)
    rows = await tx.execute(select(*known, func.count().label("times")).group_by(*known))
    return [(Check(row.same_employer, row.outcome, row.grade), row.times) for row in rows]


async def list_checks(
    tx: Transaction, month: int, as_of: date, county: str | None, city: str | None, after: UUID | None, limit: int
) -> list[DueCheck]:
    """Those checks one by one, in the order of their introductions."""
    facts = _checks(tx, month, as_of, county, city).subquery()
    query = select(facts).order_by(facts.c.introduction).limit(limit + 1)
    if after is not None:
        query = query.where(facts.c.introduction > after)
    rows = await tx.execute(query)
    return [DueCheck(row.introduction, row.day, Check(row.same_employer, row.outcome, row.grade)) for row in rows]


def _checks(tx: Transaction, month: int, as_of: date, county: str | None, city: str | None) -> Select[Any]:
    """Placings whose check is due: whether somebody was in work on that day and where, and the last finding about it."""
    due = _due(tx, month, county, city)
    work, found = _work_on(tx, due), _finding_about(due, as_of)
    return (
        select(
            due.c.introduction,
            due.c.day,
            (work.c.employer == due.c.employer).label("same_employer"),
            found.c.outcome,
            found.c.grade,
        )
        .select_from(due.outerjoin(work, true()).outerjoin(found, true()))
        .where(due.c.day <= as_of)
    )


def _due(tx: Transaction, month: int, county: str | None, city: str | None) -> CTE:
    """The first spell of each placing that may be seen, and the day of its check."""
    day = cast(spell.c.start + func.make_interval(0, month), Date)
    query = select(spell.c.introduction, introduction.c.person, _EMPLOYER.label("employer"), day.label("day"))
    query = query.join(introduction, introduction.c.id == spell.c.introduction).where(within(spell, tx.reach))
    if county is not None:
        query = query.where(spell.c.county == county)
    if city is not None:
        query = query.where(spell.c.city == city)
    first = query.ext(distinct_on(spell.c.introduction)).order_by(spell.c.introduction, spell.c.start)
    return first.cte("due")


def _work_on(tx: Transaction, due: CTE) -> Any:
    """At home a person's spells of all introductions belong together; a city knows only the introduction."""
    own = or_(introduction.c.id == due.c.introduction, introduction.c.person == due.c.person)
    query = (
        select(_EMPLOYER.label("employer"))
        .join(introduction, introduction.c.id == spell.c.introduction)
        .where(own, within(spell, tx.reach))
        .where(spell.c.start <= due.c.day, or_(spell.c.end.is_(None), spell.c.end >= due.c.day))
    )
    return query.order_by(spell.c.introduction, spell.c.start).limit(1).lateral("work")


def _finding_about(due: CTE, as_of: date) -> Any:
    """The last finding for the quarter of the day that was made between that day and `as_of`."""
    query = select(finding.c.outcome, finding.c.grade).where(
        finding.c.introduction == due.c.introduction,
        finding.c.quarter == func.to_char(due.c.day, 'YYYY"Q"Q'),
        finding.c.on.between(due.c.day, as_of),
    )
    return query.order_by(finding.c.on.desc(), finding.c.id.desc()).limit(1).lateral("found")
