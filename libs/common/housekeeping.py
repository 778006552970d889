"""What every service forgets by itself, in time (清理): kept answers of creations that nobody repeats any more, revocations
of tokens that are all over, and what operators have ended long ago."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import text

from libs.common.inbox import bounds
from libs.common.service import ServiceContext

# A repeat comes within minutes, from a phone without signal within hours; after a day the key is free again.
DAY = timedelta(days=1)
ANSWERS_KEPT_FOR = DAY
EVERY_SECONDS = 600.0

_FORGET_ANSWERS = "DELETE FROM idempotency WHERE created_at < :before"
_FORGET_REVOCATIONS = "DELETE FROM revocation WHERE until < :now"


async def keep_house(context: ServiceContext, every: float = EVERY_SECONDS) -> None:
    """Until cancelled."""
    while True:
        await forget(context)
        await asyncio.sleep(every)


async def forget(context: ServiceContext) -> None:
    """Once: everything whose time is over."""
    async with context.database.transaction() as tx:
        now = tx.node.clock.now()
        await tx.execute(text(_FORGET_ANSWERS), {"before": now - ANSWERS_KEPT_FOR})
        await tx.execute(text(_FORGET_REVOCATIONS), {"now": now})
        await bounds.forget_ended(tx, now - DAY * context.settings.letters_days)
        await bounds.empty_all_beyond(tx, context.metrics, context.settings.letters_whole)
