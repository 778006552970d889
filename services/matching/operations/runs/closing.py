"""What closed and settled passes ask of this node (收轮): a city signs its cutoffs, a county reviews, verifies and offers places."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from libs.common.database import Transaction
from services.matching.operations.runs import city, review
from services.matching.operations.runs.moves import Move
from services.matching.rules.runs import Run
from services.matching.store import runs as store

Find = Callable[[Transaction, Run, int], Awaitable[Move[Any] | None]]


@dataclass(frozen=True)
class Due:
    """Something to be done of one pass."""

    find: Find
    run: Run
    number: int

    async def find_move(self, tx: Transaction) -> Move[Any] | None:
        return await self.find(tx, self.run, self.number)


async def list_due(tx: Transaction) -> list[Due]:
    """In the order in which one follows from another."""
    due: list[tuple[Find, list[tuple[Run, int]]]] = [
        (city.find_signature, await store.list_passes_to_sign(tx)),
        (review.find_review, await store.list_passes_to_review(tx)),
        (review.find_verification, await store.list_passes_to_verify(tx)),
        (review.find_offers, await store.list_passes_to_offer(tx)),
    ]
    return [Due(find, run, number) for find, passes in due for run, number in passes]
