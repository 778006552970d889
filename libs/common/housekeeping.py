"""What every service forgets by itself, in time (清理): events that were sent, arrivals long handled, kept answers of creations
that nobody repeats any more, revocations of tokens that are all over, and what operators have ended long ago."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.inbox import bounds
from libs.common.service import ServiceContext
from libs.common.settings import Settings

DAY = timedelta(days=1)
EVERY_SECONDS = 600.0
# So many rows at a time: nobody waits long for a row of them, and each batch is a transaction of its own.
BATCH = 1000

Forget = Callable[[Transaction, Settings, int], Awaitable[int]]

# From the beginning on and only what the broker has: a topic loses its oldest events and no others, and the floor says up to
# where. Rows are looked at in order until one is too young, so a look that finds nothing costs nothing.
_JOURNAL = """
WITH oldest AS (
    SELECT position, bool_and(time < :before) OVER (ORDER BY position) AS old FROM (
        SELECT position, time FROM journal
        WHERE position <= coalesce((SELECT position FROM relay_cursor WHERE name = 'kafka'), 0) ORDER BY position LIMIT :batch
    ) sent
), gone AS (
    DELETE FROM journal WHERE position = ANY(ARRAY(SELECT position FROM oldest WHERE old)) RETURNING topic, position
), floors AS (
    INSERT INTO journal_floor AS floor (topic, position) SELECT topic, max(position) FROM gone GROUP BY topic
    ON CONFLICT (topic) DO UPDATE SET position = greatest(floor.position, excluded.position)
)
SELECT count(*) FROM gone
"""
# By place (`ctid`): on a table that has just grown, a list of keys would be looked up by scans of the whole.
_INBOX = """
DELETE FROM inbox WHERE ctid = ANY(ARRAY(SELECT ctid FROM inbox WHERE handled_at < :before ORDER BY handled_at LIMIT :batch))
"""
_ANSWERS = """
DELETE FROM idempotency WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM idempotency WHERE created_at < :before ORDER BY created_at LIMIT :batch
))
"""
_REVOCATIONS = "DELETE FROM revocation WHERE until < :now"


async def keep_house(context: ServiceContext) -> None:
    """Until cancelled."""
    while True:
        await forget(context)
        await asyncio.sleep(EVERY_SECONDS)


async def forget(context: ServiceContext) -> None:
    """Once: everything whose time is over."""
    for one in (forget_journal, forget_arrivals, forget_answers, *context.service.forgets):
        while await _forget_batch(context, one) >= BATCH:
            pass
    async with context.database.transaction() as tx:
        now, settings = tx.node.clock.now(), context.settings
        await tx.execute(text(_REVOCATIONS), {"now": now})
        await bounds.forget_ended(tx, now - DAY * settings.letters_days)
        await bounds.empty_all_beyond(tx, context.metrics, settings.letters_whole)


async def _forget_batch(context: ServiceContext, one: Forget) -> int:
    async with context.database.transaction() as tx:
        return await one(tx, context.settings, BATCH)


async def forget_journal(tx: Transaction, settings: Settings, batch: int) -> int:
    """Events that the broker has had for so many days."""
    before = tx.node.clock.now() - DAY * settings.journal_days
    return int((await tx.execute(text(_JOURNAL), {"before": before, "batch": batch})).scalar_one())


async def forget_arrivals(tx: Transaction, settings: Settings, batch: int) -> int:
    """That single events came; a day later than the inbox looks for them, since no two clocks are the same."""
    before = tx.node.clock.now() - DAY * (settings.inbox_days + 1)
    return (await tx.execute(text(_INBOX), {"before": before, "batch": batch})).rowcount


async def forget_answers(tx: Transaction, settings: Settings, batch: int) -> int:
    """Kept answers of creations."""
    before = tx.node.clock.now() - DAY * settings.idempotency_days
    return (await tx.execute(text(_ANSWERS), {"before": before, "batch": batch})).rowcount
