"""Revoked tokens (吊销): kept by every service for as long as any of them could live, and known by heart where requests come in.

The console keeps and announces them; the other services hear of it. What a process knows by heart it compares with its table every
second, so a revocation takes effect within a second or two; it survives a restart, and no request waits for another service.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.events.console import TokensRevoked
from libs.common.events.envelope import Envelope
from libs.common.outbox import announce
from libs.common.pools import Database
from libs.common.tokens import LONGEST, SKEW, Revoked

EVERY_SECONDS = 1.0

_KEEP = """
INSERT INTO revocation (issuer, subject, token_id, issued_before, until) VALUES (:issuer, :subject, :token_id, :issued_before, :until)
ON CONFLICT (issuer, subject, token_id) DO UPDATE SET issued_before = greatest(revocation.issued_before, excluded.issued_before),
until = greatest(revocation.until, excluded.until)
"""
_STATE = "SELECT count(*), max(issued_before), max(until) FROM revocation"
_ALL = "SELECT issuer, subject, token_id, issued_before FROM revocation WHERE until > :now"


async def revoke(tx: Transaction, *, issuer: str, subject: str = "", token_id: str = "") -> None:
    """One token, or all of a subject's so far; told to the other services of this node in the same transaction."""
    now = tx.node.clock.now()
    event = TokensRevoked(
        issuer=issuer, subject=subject, token_id=token_id, issued_before=now, until=now + LONGEST + 2 * SKEW
    )
    await tx.execute(text(_KEEP), event.model_dump())
    await announce(tx, event)


async def keep_revocation(tx: Transaction, event: TokensRevoked, _: Envelope) -> None:
    """The event door of every service but the console: its topic is one that only this node's console writes."""
    await tx.execute(text(_KEEP), event.model_dump())


async def watch(database: Database, every: float = EVERY_SECONDS) -> None:
    """Keep what is known by heart in step with the table, until cancelled."""
    seen = None
    while True:
        seen = await refresh(database, seen)
        await asyncio.sleep(every)


async def refresh(database: Database, seen: object = None) -> object:
    """Read the table when it is not as it was seen last."""
    async with database.reading() as tx:
        state = tuple((await tx.execute(text(_STATE))).one())
        if state != seen:
            rows = (await tx.execute(text(_ALL), {"now": tx.node.clock.now()})).all()
            revoked = Revoked(
                {row.token_id for row in rows if row.token_id},
                {(row.issuer, row.subject): row.issued_before for row in rows if row.subject},
            )
            tx.node.verifier.revoked[database.schema] = revoked
    return state
