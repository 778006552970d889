"""What every service forgets by itself, in time (清理): kept answers of creations that nobody repeats any more, and
revocations of tokens that are all over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import text

from libs.common.database import Database

# A repeat comes within minutes, from a phone without signal within hours; after a day the key is free again.
ANSWERS_KEPT_FOR = timedelta(days=1)
EVERY_SECONDS = 600.0

_FORGET_ANSWERS = "DELETE FROM idempotency WHERE created_at < :before"
_FORGET_REVOCATIONS = "DELETE FROM revocation WHERE until < :now"


async def keep_house(database: Database, every: float = EVERY_SECONDS) -> None:
    """Until cancelled."""
    while True:
        await forget(database)
        await asyncio.sleep(every)


async def forget(database: Database) -> None:
    """Once: everything whose time is over."""
    async with database.transaction() as tx:
        now = tx.home.clock.now()
        await tx.execute(text(_FORGET_ANSWERS), {"before": now - ANSWERS_KEPT_FOR})
        await tx.execute(text(_FORGET_REVOCATIONS), {"now": now})
