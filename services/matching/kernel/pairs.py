"""Every pair that the hard rules allow, written down: for programs that want whole lists, where memory has room for them."""

from __future__ import annotations

import numpy as np

from services.matching.kernel.array_types import BLOCK, I16, I32, PeopleArrays, Scratch, VacancyArrays
from services.matching.kernel.jit import compiled
from services.matching.kernel.scoring import feasible_words, lanes_wage_ok, place_points, worth_at


@compiled
def pairs_of(
    market: VacancyArrays,
    crowd: PeopleArrays,
    scratch: Scratch,
    first: int,
    last: int,
    person: I32,
    vacancy: I32,
    utility: I16,
) -> int:
    """The pairs of people first:last with what each is worth to the person; how many. The arrays have room for all."""
    words, place, count = scratch.words, scratch.place, 0
    for i in range(first, last):
        place_points(i, market, crowd, place)
        feasible_words(i, market, crowd, words)
        for b in range(len(words)):
            city = place[np.int64(market.block_city[b])]
            if city < 0 or words[b] == 0:
                continue
            for k in range(BLOCK):
                p = b * BLOCK + k
                if words[b] >> np.uint64(k) & np.uint64(1) and lanes_wage_ok(i, p, market, crowd):
                    person[count], vacancy[count] = i, market.vacancy[p]
                    utility[count] = worth_at(i, p, city, market, crowd) >> 5
                    count += 1
    return count
