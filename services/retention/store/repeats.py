"""Starts of one person in one city (同一人): the first of the introductions on which they were, as told last."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.merged_people import OWNERS
from libs.common.row_mapping import read_rows
from services.retention.rules.introductions import Repeat

_TELL = text(f"""
WITH {OWNERS}, started AS (
  SELECT i.id, first_value(i.id) OVER (PARTITION BY i.person, i.city ORDER BY i.id) AS first FROM introduction i
  WHERE i.person IN (SELECT person FROM owners UNION SELECT owner FROM owners)
  AND EXISTS (SELECT FROM spell s WHERE s.introduction = i.id AND s.previous IS NULL)
)
UPDATE introduction i SET same_as = s.first FROM started s WHERE i.id = s.id AND coalesce(i.same_as, i.id) <> s.first
RETURNING i.id AS introduction, s.first, i.county, i.city
""")


async def update_repeats(tx: Transaction, people: Collection[UUID]) -> list[Repeat]:
    """Those of these people's introductions that are the same person's as another one than was told last."""
    found = read_rows(Repeat, await tx.execute(_TELL, {"people": list(people)})) if people else []
    return sorted(found, key=lambda each: each.introduction)
