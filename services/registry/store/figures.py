"""The register's figures: what the people of a household are counted for, from which day on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from libs.common.database import Transaction, among
from libs.common.events.registry import RegistryIndicatorsStated
from libs.common.indicators import Indicators
from services.registry.tables import person

# A person counts from the first day of which a situation is known, but not while gone from the register, and a household while
# anybody of it counts.
_STEPS = """
WITH known AS (
  SELECT c.subject, c.division, s.person, s.since, NOT p.away @> s.since AS here, p.labourer, s.work_place, s.channel
  FROM changed c JOIN person p ON p.household = c.subject JOIN situation s ON s.person = p.id
  UNION ALL
  SELECT c.subject, c.division, p.id, turn.day, NOT p.away @> turn.day, p.labourer, now.work_place, now.channel
  FROM changed c JOIN person p ON p.household = c.subject JOIN departure d ON d.person = p.id
  CROSS JOIN LATERAL (SELECT d."on" UNION SELECT d.returned_on) AS turn(day)
  CROSS JOIN LATERAL (
    SELECT since, work_place, channel FROM situation s WHERE s.person = p.id AND s.since <= turn.day ORDER BY since DESC LIMIT 1
  ) AS now
  WHERE now.since < turn.day
), counted AS (
  SELECT k.subject, k.division, k.person, k.since, f.figure, (k.here AND f.holds)::int AS holds
  FROM (SELECT known.*, labourer AND work_place IS NOT NULL AS employed FROM known) k, LATERAL (VALUES
    ('people', true),
    ('labourers', k.labourer),
    ('employed', k.employed),
    ('in_county', k.employed AND k.work_place IN ('01', '02')),
    ('in_province', k.employed AND k.work_place = '03'),
    ('out_of_province', k.employed AND k.work_place = '04'),
    ('elsewhere', k.employed AND k.work_place NOT IN ('01', '02', '03', '04')),
    ('own_account', k.employed AND coalesce(k.channel = '自主就业', false)),
    ('assisted', k.employed AND coalesce(k.channel = '帮扶就业', false))
  ) AS f(figure, holds)
), moved AS (
  SELECT subject, division, since, figure, holds - lag(holds, 1, 0) OVER (PARTITION BY person, figure ORDER BY since) AS amount FROM counted
), living AS (
  SELECT subject, division, since, (sum(sum(amount)) OVER (PARTITION BY subject, division ORDER BY since) > 0)::int AS holds
  FROM moved WHERE figure = 'people' GROUP BY subject, division, since
)
SELECT subject, division, since, 'households', holds - lag(holds, 1, 0) OVER (PARTITION BY subject, division ORDER BY since) FROM living
UNION ALL
SELECT subject, division, since, figure, amount FROM moved
"""

INDICATORS = Indicators(
    figures=(
        "households",
        "people",
        "labourers",
        "employed",
        "in_county",
        "in_province",
        "out_of_province",
        "elsewhere",
        "own_account",
        "assisted",
    ),
    rule="registry.indicators.2",
    steps=_STEPS,
    event=RegistryIndicatorsStated,
)


async def list_households(tx: Transaction, who: Collection[UUID]) -> list[UUID]:
    """The households that these people live in."""
    query = select(person.c.household).where(among(person.c.id, who)).distinct()
    return list((await tx.execute(query)).scalars())
