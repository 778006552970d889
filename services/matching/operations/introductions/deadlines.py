"""What nobody has done in time (逾期): each node ends what is its own to do, tells the owner some days before, and never twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.telemetry import log
from services.matching.operations.introductions.moving import take
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import DEADLINE_PASSED
from services.matching.rules.introductions.records import Introduction
from services.matching.store import introductions as store

# So many end in one transaction.
PORTION = 500


async def lapse_introductions(tx: Transaction, as_of: date, by: str) -> int:
    """By hand: what was due before a day and not done. Answers how many ended."""
    return await _lapse(tx, await store.lock_overdue_introductions(tx, as_of, rules.LAPSES), as_of, by)


async def end_overdue(tx: Transaction) -> int:
    """By itself: what this node has told of and nobody has done since; answers how many of a portion."""
    today = tx.node.today()
    return await _lapse(tx, await store.lock_ending_introductions(tx, today, most=PORTION), today, tx.node.id)


async def warn_owners(tx: Transaction) -> int:
    """Tell whoever owns a step that it ends by itself before long; answers of how many."""
    today = tx.node.today()
    return await store.update_warned(tx, today, add_days(today, rules.WARN_DAYS))


async def _lapse(tx: Transaction, overdue: Iterable[Introduction], on: date, by: str) -> int:
    ended = 0
    for state, (to, side) in rules.LAPSES.items():
        rows = [row for row in overdue if row.state == state and getattr(row, side) == tx.node.code]
        ended += len(await take(tx, rows, side, to, on, by, DEADLINE_PASSED))
    if ended:
        log.info("lapse_introductions", ended=ended, by=by)
    return ended
