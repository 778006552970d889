"""What matching forgets in time (清理): the messages of runs that are over."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.housekeeping import DAY
from services.matching.settings import MatchingSettings
from services.matching.store import runs as store


async def forget_messages(tx: Transaction, settings: MatchingSettings, batch: int) -> int:
    """Cards, cutoffs and what else was said, so many at a time; places, counts and signed cutoffs stay."""
    return await store.delete_messages_of_old_runs(tx, tx.node.clock.now() - DAY * settings.runs_days, batch)
