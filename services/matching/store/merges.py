"""Introductions of people who were merged (合并): whose they are now, and a second yes that somebody must settle."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.merged_people import OWNERS
from services.matching.rules.introductions.steps import SIGNED

_MOVE = text(f"""
WITH {OWNERS} UPDATE introductions i
SET person = o.owner, recorded_for = nullif(o.person, o.owner), second_yes = o.owner <> o.person AND i.state = ANY(:signed),
  version = i.version + 1
FROM owners o WHERE coalesce(i.recorded_for, i.person) = o.person AND i.person <> o.owner
""")
# Of whoever has said yes but once, that one is the first.
_SETTLE = text(f"""
WITH {OWNERS} UPDATE introductions i SET second_yes = false WHERE second_yes AND person IN (SELECT owner FROM owners)
AND i.introduction = (SELECT s.introduction FROM introductions s WHERE s.person = i.person AND s.state = ANY(:signed)
  ORDER BY s.second_yes, s.introduction LIMIT 1)
""")


async def update_owners(tx: Transaction, people: Collection[UUID]) -> None:
    """Introductions that were recorded for these people are whose they are now. Two yeses of one person both stay, one of them as the
    second."""
    given = {"people": list(people), "signed": list(SIGNED)}
    if people:
        await tx.execute(_MOVE, given)
        await tx.execute(_SETTLE, given)
