"""The register's figures: what the people of a household are counted for, from which day on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from libs.common.database import Transaction, among
from libs.common.events.registry import RegistryIndicatorsStated
from libs.common.indicators import Indicators
from services.registry.tables import person

# A person counts from the first day of which a situation is known, and a household from the first of its people's.
_STEPS = """
WITH known AS (
  SELECT c.subject, c.division, s.person, s.since, p.labourer, p.labourer AND s.work_place IS NOT NULL AS employed, s.work_place, s.channel
  FROM changed c JOIN person p ON p.household = c.subject JOIN situation s ON s.person = p.id
), counted AS (
  SELECT k.subject, k.division, k.person, k.since, f.figure, f.holds::int AS holds
  FROM known k, LATERAL (VALUES
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
)
SELECT subject, division, min(since), 'households', 1 FROM known GROUP BY subject, division
UNION ALL
SELECT subject, division, since, figure, holds - lag(holds, 1, 0) OVER (PARTITION BY person, figure ORDER BY since) FROM counted
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
    rule="registry.indicators.1",
    steps=_STEPS,
    event=RegistryIndicatorsStated,
)


async def list_households(tx: Transaction, who: Collection[UUID]) -> list[UUID]:
    """The households that these people live in."""
    query = select(person.c.household).where(among(person.c.id, who)).distinct()
    return list((await tx.execute(query)).scalars())
