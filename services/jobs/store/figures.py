"""A division's figures as of a date, counted from facts that carry their own dates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from libs.common.database import Transaction

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


# The days that have changed since the last look, each noted as stated, and every later day that figures were stated for.
_TAKE = """
WITH due AS (
  DELETE FROM figures_due RETURNING division, as_of
), noted AS (
  INSERT INTO stated SELECT DISTINCT division, as_of FROM due ON CONFLICT DO NOTHING
)
SELECT division, as_of FROM due UNION
SELECT division, s.as_of FROM stated s JOIN (SELECT division, min(as_of) AS first FROM due GROUP BY division) f USING (division) WHERE s.as_of >= f.first
ORDER BY division, as_of
"""


async def note_change(tx: Transaction, division: str, on: date) -> None:
    """Figures of a division are others from this day on. A row for each change: writers never wait for each other here."""
    await (await tx.raw()).execute("INSERT INTO figures_due (division, as_of) VALUES ($1, $2)", division, on)


async def take_due(tx: Transaction) -> list[tuple[str, date]]:
    """(division, day) of the figures to be stated, and nobody else's from now on."""
    return [(row["division"], row["as_of"]) for row in await (await tx.raw()).fetch(_TAKE)]
