"""How much is kept of what could not be handled, so that a flood of bad records fills no disk (死信的限度).

Never lost: place, reason, size and digest of every open dead letter. The bytes stay with the newest ones; of the others the
record stands on the broker as long as the broker keeps it. What an operator has ended goes after some months.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from libs.common.database import Transaction
from libs.common.telemetry import Metrics, log

_EMPTY = "SET key = NULL, value = NULL, headers = CAST('[]' AS bytea), cut = true"
# Each batch has pushed at most as many across the bound as it brought: they stand beside it in the index of the open ones.
_CROSSED = f"""
UPDATE dead_letter {_EMPTY}
WHERE id IN (SELECT id FROM dead_letter WHERE ended_at IS NULL ORDER BY id DESC OFFSET :whole LIMIT :brought)
"""
_ALL_BEYOND = f"""
UPDATE dead_letter {_EMPTY}
WHERE ended_at IS NULL AND (key IS NOT NULL OR value IS NOT NULL)
AND id <= (SELECT id FROM dead_letter WHERE ended_at IS NULL ORDER BY id DESC OFFSET :whole LIMIT 1)
"""
_FORGET = "DELETE FROM {table} WHERE ended_at < :before"


async def empty_crossed(tx: Transaction, metrics: Metrics, *, brought: int, whole: int) -> None:
    """Take the bytes of those that a batch has pushed beyond the bound; in the batch's own transaction."""
    await _empty(tx, metrics, _CROSSED, {"whole": whole, "brought": brought})


async def empty_all_beyond(tx: Transaction, metrics: Metrics, whole: int) -> None:
    """The same wherever they stand, e.g. after the bound was lowered."""
    await _empty(tx, metrics, _ALL_BEYOND, {"whole": whole})


async def forget_ended(tx: Transaction, before: datetime) -> None:
    """Remove dead letters and parked events that were replayed or discarded before that."""
    for table in ("dead_letter", "parked"):
        await tx.execute(text(_FORGET.format(table=table)), {"before": before})


async def _empty(tx: Transaction, metrics: Metrics, statement: str, given: dict[str, int]) -> None:
    emptied = (await tx.execute(text(statement), given)).rowcount
    if emptied:
        metrics.emptied.labels(metrics.service).inc(emptied)
        log.error("dead_letters_emptied", letters=emptied, whole=given["whole"])
