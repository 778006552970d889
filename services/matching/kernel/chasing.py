"""A few people who come to a settled market (增量): one after another, each with everybody whom he displaces in turn.

Waves ask in batches so that threads can share them; a thousand people who displace some hundreds make eighteen waves, which take
longer to call than to run.
"""

from __future__ import annotations

import numpy as np

from services.matching.kernel.compiling import compiled
from services.matching.kernel.looking import scan
from services.matching.kernel.seats import propose
from services.matching.kernel.shapes import I32, I64, U8, Crowd, Market, Scratch, State, scratch_for


def settle_one_by_one(market: Market, crowd: Crowd, state: State, who: I32, later: I32) -> int:
    """Until nobody of `who`, and nobody displaced by them, has a vacancy left to ask; returns how many proposals that took.

    `later` is the one of `scan`: what it holds stays true while cutoffs only rise.
    """
    touched = np.zeros(market.numbers.blocks, np.uint8)
    one, position, keys, lost = np.empty(1, np.int32), np.empty(1, np.int32), np.empty(1, np.int64), np.empty(1, np.int32)
    return int(_chase(market, crowd, state, scratch_for(market), who, one, position, keys, lost, later, touched))


@compiled
def _chase(
    market: Market, crowd: Crowd, state: State, scratch: Scratch, who: I32, one: I32, position: I32, keys: I64, lost: I32, later: I32, touched: U8
) -> int:  # fmt: skip
    proposals = 0
    for at in range(len(who)):
        one[0] = who[at]
        again, left = 0, 1
        while left > 0:
            scan(market, crowd, state, scratch, one, 0, 1, position, keys, later, again)
            if position[0] < 0:
                break
            left, _ = propose(market, crowd, state, one, 1, position, keys, 0, len(touched), touched, lost)
            one[0] = lost[0]
            again = 1
            proposals += 1
    return proposals
