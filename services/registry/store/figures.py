"""The register's figures as of a date, counted from facts that carry their own dates, and the statements made so far."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.registry.tables import statement

# A person counts from the first day of which a situation is known.
_COUNT = text(
    """
    WITH now AS (
      SELECT DISTINCT ON (person) person, work_place, channel FROM situation WHERE since <= :day ORDER BY person, since DESC
    ), known AS (
      SELECT p.household, p.labourer, p.labourer AND now.work_place IS NOT NULL AS employed, now.work_place, now.channel
      FROM now JOIN person p ON p.id = now.person
    )
    SELECT count(DISTINCT household) AS households, count(*) AS people, count(*) FILTER (WHERE labourer) AS labourers,
      count(*) FILTER (WHERE employed) AS employed,
      count(*) FILTER (WHERE employed AND work_place IN ('01', '02')) AS in_county,
      count(*) FILTER (WHERE employed AND work_place = '03') AS in_province,
      count(*) FILTER (WHERE employed AND work_place = '04') AS out_of_province,
      count(*) FILTER (WHERE employed AND work_place NOT IN ('01', '02', '03', '04')) AS elsewhere,
      count(*) FILTER (WHERE employed AND channel = '自主就业') AS own_account,
      count(*) FILTER (WHERE employed AND channel = '帮扶就业') AS assisted
    FROM known
    """
)


async def hold_statements(tx: Transaction) -> None:
    """One transaction at a time states figures: else each would miss what the other one counts."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('registry.statement'))"))


async def count_figures(tx: Transaction, day: date) -> dict[str, int]:
    """The ten figures at the end of a day."""
    row = (await tx.execute(_COUNT, {"day": day})).one()
    return {name: int(value) for name, value in row._mapping.items()}


async def stated_after(tx: Transaction, day: date) -> list[date]:
    return list((await tx.execute(select(statement.c.as_of).where(statement.c.as_of > day))).scalars())


async def keep_statement(tx: Transaction, day: date, rule: str, figures: dict[str, int]) -> bool:
    """Keep what is stated for a day; False when the same was stated before."""
    new: Any = insert(statement).values(as_of=day, rule=rule, figures=figures)
    new = new.on_conflict_do_update(
        index_elements=["as_of"],
        set_={"rule": rule, "figures": figures},
        where=statement.c.figures != new.excluded.figures,
    )
    return (await tx.execute(new.returning(statement.c.as_of))).one_or_none() is not None
