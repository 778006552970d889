"""The county's figures over its own people as of a date, and the statements made so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.retention.tables import statement

_COUNT = text(
    """
    SELECT day.as_of,
      (SELECT count(DISTINCT i.person) FROM spell s JOIN introduction i ON i.id = s.introduction
        WHERE s.county = :county AND s.start <= day.as_of) AS placed,
      (SELECT count(DISTINCT i.person) FROM spell s JOIN introduction i ON i.id = s.introduction
        WHERE s.county = :county AND s.start <= day.as_of AND (s."end" IS NULL OR s."end" >= day.as_of)) AS in_work,
      pay.wage_sum_fen, pay.wage_count,
      (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= day.as_of) AS services,
      (SELECT count(*) FROM service v WHERE v.county = :county AND v."on" <= day.as_of AND v.kind = 'training') AS trainings,
      (SELECT count(*) FROM ledger l WHERE l."on" <= day.as_of) AS subsidies,
      (SELECT coalesce(sum(l.amount_fen), 0) FROM ledger l WHERE l."on" <= day.as_of) AS subsidies_fen
    FROM unnest(CAST(:days AS date[])) AS day(as_of),
    LATERAL (SELECT coalesce(sum(s.wage_fen), 0) AS wage_sum_fen, count(*) AS wage_count FROM spell s
      WHERE s.county = :county AND s.start <= day.as_of AND (s."end" IS NULL OR s."end" >= day.as_of)) AS pay
    ORDER BY day.as_of
    """
)


async def hold_statements(tx: Transaction, county: str) -> None:
    """One transaction at a time states a county's figures: else each would miss what the other one counts."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('retention.statement'), CAST(:county AS integer))"),
        {"county": int(county)},
    )


async def stated_after(tx: Transaction, county: str, day: date) -> list[date]:
    query = select(statement.c.as_of).where(statement.c.division == county, statement.c.as_of > day)
    return list((await tx.execute(query)).scalars())


async def count_figures(tx: Transaction, county: str, days: Iterable[date]) -> dict[date, dict[str, int]]:
    """The figures of the county's own people as of each day."""
    rows = await tx.execute(_COUNT, {"county": county, "days": sorted(days)})
    return {
        row["as_of"]: {name: int(value) for name, value in row.items() if name != "as_of"} for row in rows.mappings()
    }


async def keep_statement(tx: Transaction, county: str, day: date, figures: dict[str, int]) -> bool:
    """Keep what is stated for a day; False when the same was stated before."""
    new: Any = insert(statement).values(division=county, as_of=day, figures=figures)
    new = new.on_conflict_do_update(
        index_elements=["division", "as_of"],
        set_={"figures": figures},
        where=statement.c.figures != new.excluded.figures,
    )
    return (await tx.execute(new.returning(statement.c.as_of))).one_or_none() is not None
