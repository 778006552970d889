"""Rows of people who were merged (合并): whose they are now, and what the ledger has paid one person twice."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.merged_people import OWNERS

_MOVES = [
    text(f"""
    WITH {OWNERS} UPDATE {table} t SET person = o.owner, recorded_for = nullif(o.person, o.owner){more}
    FROM owners o WHERE coalesce(t.recorded_for, t.person) = o.person AND t.person <> o.owner
    """)
    for table, more in (
        ("introduction", ""),
        ("service", ""),
        ("claim", ", version = t.version + 1"),
        ("help_request", ", version = t.version + 1"),
        ("ledger", ", paid_twice = o.owner <> o.person"),
    )
]
# What nobody else has been paid for is paid once.
_SETTLE = text(f"""
WITH {OWNERS} UPDATE ledger l SET paid_twice = false WHERE paid_twice AND person IN (SELECT owner FROM owners)
AND l.id = (SELECT s.id FROM ledger s WHERE s.person = l.person AND s.policy = l.policy AND s.period = l.period
  ORDER BY s.paid_twice, s.id LIMIT 1)
""")


async def update_owners(tx: Transaction, people: Collection[UUID]) -> None:
    """Whatever was recorded for these people is whose it is now. Two payments of one period both stay, one of them as the second."""
    if people:
        for statement in (*_MOVES, _SETTLE):
            await tx.execute(statement, {"people": list(people)})
