"""A move (一步): what a node can do next in a run, read without a lock, computed with nothing held, written only if it still fits.

Whoever makes moves opens a reading for `find`, runs `compute` in a thread with nothing open, and hands `write` a transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.matching.rules.runs import OPEN, Pass, Run
from services.matching.store import runs as store

Made = TypeVar("Made")


@dataclass(frozen=True)
class Move(Generic[Made]):
    """`write` answers whether it was made: what was computed is thrown away if the run has gone on meanwhile."""

    compute: Callable[[], Made]
    write: Callable[[Transaction, Made], Awaitable[bool]]


async def lock_unmoved(tx: Transaction, run: Run, step: Pass) -> bool:
    """The run is this transaction's, and its open pass is as it was when the move was found."""
    found = await store.lock_run_if_known(tx, run.run)
    if found is None or found.state != OPEN or found.number != step.number or not found.is_under_way:
        return False
    return await store.find_pass(tx, run.run, step.number) == step


async def dispute(tx: Transaction, run: Run, why: str) -> None:
    """This node takes no further part, and says why to whoever asks."""
    log.error("run_disputed", run=str(run.run), why=why)
    await store.update_run(tx, run.run, dispute=why)
