"""Forgetting (删除): what a service's own journal, parked events and kept answers hold of some keys, removed and counted."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction

# Only what the broker has already: what is still to be sent must be sent, and its receiver knows of the erasure.
_JOURNAL = """
DELETE FROM journal WHERE key = ANY(:keys)
AND position <= coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0) AND topic NOT LIKE 'public.%'
"""
_PARKED = "DELETE FROM parked WHERE key = ANY(:keys)"


async def erase_events(tx: Transaction, keys: Iterable[UUID]) -> dict[str, int]:
    """Remove sent events and parked ones of these keys from this service's tables; how many rows of which."""
    given = {"keys": [str(key) for key in keys]}
    gone = {name: await tx.execute(text(statement), given) for name, statement in (("journal", _JOURNAL), ("parked", _PARKED))}
    return {name: result.rowcount for name, result in gone.items()}
