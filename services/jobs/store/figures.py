"""A division's figures as of a date, counted from facts that carry their own dates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.jobs.tables import stated

_FIGURES = """
WITH offered AS (
  SELECT id, openings FROM vacancies
  WHERE city = :division AND vetted_on <= :on AND state IN ('vetted', 'withdrawn') AND (withdrawn_on IS NULL OR withdrawn_on > :on)
), taken AS (
  SELECT h.vacancy, count(*) AS hires FROM hires h JOIN offered o ON o.id = h.vacancy
  WHERE h.hired_on <= :on AND (h.freed_on IS NULL OR h.freed_on > :on) GROUP BY h.vacancy
)
SELECT (SELECT count(*) FROM employers WHERE city = :division AND listed_on <= :on) AS employers,
       count(*) AS vacancies, coalesce(sum(o.openings), 0) AS openings,
       coalesce(sum(greatest(0, o.openings - coalesce(t.hires, 0))), 0) AS openings_left
FROM offered o LEFT JOIN taken t ON t.vacancy = o.id
"""


async def count_figures(tx: Transaction, division: str, on: date) -> dict[str, int]:
    """employers, vacancies, openings and openings_left at the end of a day."""
    row = (await tx.execute(text(_FIGURES), {"division": division, "on": on})).one()
    return {name: int(value) for name, value in row._mapping.items()}


async def dates_to_restate(tx: Transaction, division: str, on: date) -> list[date]:
    """The day itself, noted as stated, and every later day that figures were stated for."""
    await tx.execute(insert(stated).values(division=division, as_of=on).on_conflict_do_nothing())
    later = select(stated.c.as_of).where(stated.c.division == division, stated.c.as_of >= on).order_by(stated.c.as_of)
    return list((await tx.execute(later)).scalars())
