"""Deferred acceptance (延迟接受) in waves: a batch of people looks for its best vacancy, then the batch applies.

Threads look for different people and apply at different blocks of vacancies. Cutoffs only rise while proposals only add,
so any batch, order or number of threads ends in the same matching; what differs is how often somebody asks in vain.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from services.matching.kernel.array_types import (
    BLOCK,
    FEW,
    I32,
    I64,
    U8,
    PassState,
    PeopleArrays,
    Scratch,
    VacancyArrays,
    scratch_for,
)
from services.matching.kernel.best_vacancy_search import scan
from services.matching.kernel.jit import compiled
from services.matching.kernel.seat_heaps import propose

LEAST, MOST, CHUNK = 1_024, 16_384, 512
# A batch shrinks when more of it ask in vain, and grows when fewer do.
SELDOM, OFTEN = 0.05, 0.1
Tell = Callable[[str], None]


@dataclass
class RoundTally:
    """How it came about: proposals made, of which refused at once or later, of which in vain within their batch, in how many waves."""

    proposals: int = 0
    refused: int = 0
    vain: int = 0
    waves: int = 0


class DeferredAcceptance:
    """One pass over one market."""

    def __init__(
        self,
        market: VacancyArrays,
        crowd: PeopleArrays,
        state: PassState,
        pool: ThreadPoolExecutor,
        threads: int,
        batch: int | None = None,
        later: I32 | None = None,
    ) -> None:
        self.market, self.crowd, self.state, self.pool, self.threads = market, crowd, state, pool, threads
        self.batch, self.fixed = batch or 4_096, batch is not None
        count = max(MOST, self.batch)
        self.position, self.keys = np.empty(count, np.int32), np.empty(count, np.int64)
        self.parts = parts_of(market, state) if threads > 1 else [(0, market.numbers.blocks)]
        self.out = [np.empty(count, np.int32) for _ in self.parts]
        self.touched = np.zeros(market.numbers.blocks, np.uint8)
        self.scratches = [scratch_for(market) for _ in range(threads)]
        self.later = np.zeros((len(crowd.lottery), FEW), np.int32) if later is None else later
        self.tally = RoundTally()

    def settle(self, who: I32, tell: Tell) -> None:
        """Until nobody of `who`, and nobody displaced by them, has a vacancy left to ask."""
        waiting, done = np.zeros(0, np.int32), 0
        while done < len(who) or len(waiting):
            again = self._alike(waiting[: self.batch])
            new = who[done : done + self.batch - len(again)]
            refused = self._wave(np.concatenate([again, new]), len(again))
            waiting = np.concatenate([waiting[len(again) :], *refused])
            done += len(new)
            if done == len(who) and len(waiting) <= CHUNK and not self.fixed:
                return self._finish(waiting)
            if self.tally.waves % 32 == 0:
                tell(f"Matching: {done:,} of {len(who):,} people have asked")

    def _alike(self, again: I32) -> I32:
        """By occupation: neighbours then read the same rows of the market's tables."""
        return again[np.argsort(self.crowd.occupation[again], kind="stable")]

    def _wave(self, asking: I32, again: int) -> list[I32]:
        self.look(asking, again)
        refused, vain = self.apply(asking)
        self.tally.proposals += int(np.count_nonzero(self.position[: len(asking)] >= 0))
        self.tally.refused += sum(len(part) for part in refused)
        self.tally.vain += vain
        self.tally.waves += 1
        if not self.fixed:
            share = vain / len(asking)
            self.batch = (
                min(MOST, self.batch * 2)
                if share < SELDOM
                else max(LEAST, self.batch // 2)
                if share > OFTEN
                else self.batch
            )
        return refused

    def _finish(self, waiting: I32) -> None:
        """The last few need no second thread, and no Python between their waves."""
        proposals, refused, vain, waves = finish(
            self.market,
            self.crowd,
            self.state,
            self.scratches[0],
            waiting,
            len(waiting),
            self.position,
            self.keys,
            self.later,
            self.touched,
            self.out[0],
        )
        tally = self.tally
        self.tally = RoundTally(
            tally.proposals + proposals, tally.refused + refused, tally.vain + vain, tally.waves + waves
        )

    def look(self, asking: I32, again: int = 0) -> None:
        """Everybody of the batch looks for the best vacancy that admits him now; the first `again` have asked before."""
        firsts = itertools.count(0, CHUNK)

        def seek() -> None:
            scratch = self.scratches.pop()
            while (first := next(firsts)) < len(asking):
                last = min(first + CHUNK, len(asking))
                scan(
                    self.market,
                    self.crowd,
                    self.state,
                    scratch,
                    asking,
                    first,
                    last,
                    self.position,
                    self.keys,
                    self.later,
                    again,
                )
            self.scratches.append(scratch)

        self._together([seek] * min(self.threads, -(-len(asking) // CHUNK)))

    def apply(self, asking: I32) -> tuple[list[I32], int]:
        """The batch applies; who holds nothing afterwards, part by part, and how many asked in vain."""
        parts = self.parts if len(asking) > LEAST else [(0, self.market.numbers.blocks)]
        counts = [(0, 0)] * len(parts)

        def take(part: int) -> None:
            first, last = parts[part]
            counts[part] = propose(
                self.market,
                self.crowd,
                self.state,
                asking,
                len(asking),
                self.position,
                self.keys,
                first,
                last,
                self.touched,
                self.out[part],
            )

        self._together([partial(take, part) for part in range(len(parts))])
        return [self.out[part][:count].copy() for part, (count, _) in enumerate(counts)], sum(
            vain for _, vain in counts
        )

    def _together(self, works: list[Callable[[], None]]) -> None:
        """The last work is done here, the others by the pool."""
        begun = [self.pool.submit(work) for work in works[:-1]]
        works[-1]()
        for one in begun:
            one.result()


def parts_of(market: VacancyArrays, state: PassState) -> list[tuple[int, int]]:
    """Blocks of each part of the arena, as first and past the last."""
    side = np.full(market.numbers.blocks, -1, np.int64)
    real = np.flatnonzero(market.vacancy >= 0)
    side[real // BLOCK] = state.side[market.vacancy[real]]
    return [
        (int(np.argmax(side == part)), int(np.flatnonzero(side == part)[-1]) + 1)
        for part in range(len(state.arena))
        if (side == part).any()
    ]


@compiled
def finish(
    market: VacancyArrays,
    crowd: PeopleArrays,
    state: PassState,
    scratch: Scratch,
    waiting: I32,
    count: int,
    position: I32,
    keys: I64,
    later: I32,
    touched: U8,
    out: I32,
) -> tuple[int, int, int, int]:
    """Waves of the first `count` of `waiting`, who have all asked before, until nobody waits; a `Tally` of them."""
    proposals, refused, vain, waves = 0, 0, 0, 0
    while count > 0:
        scan(market, crowd, state, scratch, waiting, 0, count, position, keys, later, count)
        for at in range(count):
            proposals += position[at] >= 0
        count, too_late = propose(
            market, crowd, state, waiting, count, position, keys, 0, market.numbers.blocks, touched, out
        )
        for at in range(count):
            waiting[at] = out[at]
        refused, vain, waves = refused + count, vain + too_late, waves + 1
    return proposals, refused, vain, waves
