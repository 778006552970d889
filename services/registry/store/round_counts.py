"""The figures of a round (进度) in the database: differences, added up when somebody asks, and by a worker in between."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Integer, cast, func, select, text

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import read_rows
from services.registry.rules.rounds import Tally
from services.registry.tables import round_count

_SUM_UP = text("""
WITH many AS (
  SELECT round, township, village, figure, by FROM round_count GROUP BY round, township, village, figure, by HAVING count(*) > 1
), gone AS (
  DELETE FROM round_count c USING many m
  WHERE (c.round, c.township, c.village, c.figure, c.by) = (m.round, m.township, m.village, m.figure, m.by)
  RETURNING c.round, c.township, c.village, c.figure, c.by, c.amount
), summed AS (
  INSERT INTO round_count (round, township, village, figure, by, amount)
  SELECT round, township, village, figure, by, sum(amount) FROM gone GROUP BY round, township, village, figure, by HAVING sum(amount) <> 0
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM summed)
""")


async def list_tallies(tx: Transaction, one: UUID, township: str | None = None) -> list[Tally]:
    """Within reach, of one township or of all: a few rows for each village, however many people there are."""
    keys = [round_count.c[name] for name in ("township", "village", "figure", "by")]
    amount = cast(func.sum(round_count.c.amount), Integer)
    query = select(*keys, amount.label("amount")).where(round_count.c.round == one, within(round_count, tx.reach))
    if township is not None:
        query = query.where(round_count.c.township == township)
    return read_rows(Tally, await tx.execute(query.group_by(*keys).having(amount != 0).order_by(*keys)))


async def update_summed(tx: Transaction) -> int:
    """Rows of the same kind become one."""
    return int((await tx.execute(_SUM_UP)).scalar_one())
