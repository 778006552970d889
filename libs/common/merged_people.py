"""People who were merged (合并), as a service hears of it: whose its rows are now follows from which merges stand.

A row keeps for whom it was recorded. Whose it is now is worked out anew with every merge and every undoing, from all that are known:
so they may come in any order and twice, and end in the same state. Nothing but the owner of a row is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, MetaData, Table, Uuid, text

from libs.common.access.rows import belongs
from libs.common.database import Transaction
from libs.common.events.registry import LabourersMerged, LabourersUnmerged

# Whoever is merged more often than this into one another is in a circle of news that has not all come yet.
_DEEPEST = 32
_NOTE = """
INSERT INTO merged_people (merge, goes, stays, undone) VALUES (:merge, :goes, :stays, :undone)
ON CONFLICT (merge) DO UPDATE SET undone = merged_people.undone OR excluded.undone
"""
_BENEATH = f"""
WITH RECURSIVE beneath AS (
  SELECT CAST(:person AS uuid) AS person, 0 AS deep
  UNION SELECT m.goes, b.deep + 1 FROM merged_people m JOIN beneath b ON m.stays = b.person WHERE b.deep < {_DEEPEST}
) SELECT DISTINCT person FROM beneath
"""
# A common table expression `owners` (person, owner) of the people in the parameter `people`: who they are now.
OWNERS = f"""
RECURSIVE chain AS (
  SELECT person, person AS owner, 0 AS deep FROM unnest(CAST(:people AS uuid[])) person
  UNION ALL SELECT c.person, m.stays, c.deep + 1
  FROM chain c JOIN merged_people m ON m.goes = c.owner AND NOT m.undone WHERE c.deep < {_DEEPEST}
), owners AS (SELECT DISTINCT ON (person) person, owner FROM chain ORDER BY person, deep DESC)
"""


def merged_people(metadata: MetaData) -> Table:
    """The merges that a service has heard of, those that were undone too: one that comes late changes nothing."""
    table = Table(
        "merged_people",
        metadata,
        Column("merge", Uuid, primary_key=True),
        Column("goes", Uuid, nullable=False, index=True),
        Column("stays", Uuid, nullable=False, index=True),
        Column("undone", Boolean, nullable=False),
    )
    belongs(table)
    return table


def recorded_for() -> Column[Any]:
    """For whom a row was recorded, where that is somebody who was merged into whose it is now."""
    return Column("recorded_for", Uuid, index=True)


async def note_merge(tx: Transaction, event: LabourersMerged | LabourersUnmerged) -> set[UUID]:
    """Keep what an event says; answers everybody whose rows may be another's now."""
    facts = event.model_dump(include={"merge", "goes", "stays"})
    await tx.execute(text(_NOTE), facts | {"undone": isinstance(event, LabourersUnmerged)})
    return set((await tx.execute(text(_BENEATH), {"person": event.goes})).scalars())


async def list_owners(tx: Transaction, people: Collection[UUID]) -> dict[UUID, UUID]:
    """Who each of these people is now."""
    query = text(f"WITH {OWNERS} SELECT person, owner FROM owners")
    return {row.person: row.owner for row in await tx.execute(query, {"people": list(people)})}
