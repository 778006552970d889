"""Forgetting (删除): what a service's own journal, parked events and kept answers hold of some keys, removed and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction

# Only what the broker has already: what is still to be sent must be sent, and its receiver knows of the erasure.
_JOURNAL = """
DELETE FROM journal WHERE key = ANY(:keys)
AND position <= coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0) AND topic NOT LIKE 'public.%'
"""
# These are whole documents, or bytes that nobody could read: whichever names one of the ids goes.
_PARKED = "DELETE FROM parked WHERE EXISTS (SELECT FROM unnest(CAST(:keys AS text[])) AS id WHERE position(id IN key || data) > 0)"
_LETTERS = """
DELETE FROM dead_letter WHERE EXISTS (SELECT FROM unnest(CAST(:raw AS bytea[])) AS id WHERE position(id IN key) > 0 OR position(id IN value) > 0)
"""
_ANSWERS = "DELETE FROM idempotency WHERE EXISTS (SELECT FROM unnest(CAST(:keys AS text[])) AS id WHERE position(id IN body::text) > 0)"
_STATEMENTS = {"journal": _JOURNAL, "parked": _PARKED, "dead_letter": _LETTERS, "idempotency": _ANSWERS}

# As texts, and as the bytes that may stand in what could not be read.
Ids = list[str] | list[bytes]

# How long the broker keeps topics that tell of one person; what is gone from the tables is gone there this much later.
BROKER_KEEPS = timedelta(days=14)


async def erase_events(tx: Transaction, keys: Iterable[UUID]) -> dict[str, int]:
    """Remove what is kept of these keys beside the service's own tables; how many rows of which."""
    names = [str(key) for key in keys]
    given: dict[str, Ids] = {"keys": names, "raw": [name.encode() for name in names]}
    return {
        name: (await tx.execute(text(statement), _named_in(statement, given))).rowcount
        for name, statement in _STATEMENTS.items()
    }


def _named_in(statement: str, given: Mapping[str, Ids]) -> dict[str, Ids]:
    return {name: value for name, value in given.items() if f":{name}" in statement}


def broker_settings(topic: str) -> dict[str, str]:
    """Settings of a topic: those that tell of one person are kept for a short time, in segments of a day."""
    if "home." not in topic and not topic.endswith(".registry.card"):
        return {}
    milliseconds = int(BROKER_KEEPS.total_seconds() * 1000)
    return {"retention.ms": str(milliseconds), "segment.ms": str(24 * 3600 * 1000)}
