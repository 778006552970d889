"""A look (寻岗): the best vacancy that the cutoffs leave open to a person, without ever writing his list down.

Blocks of 64 vacancies are judged before their lanes are looked at: by the hard rules as bits, by the most that any of
them could be worth, and by the bars that they set. Only a block that could still win is computed, lane by lane in 16 bits
(the first bits of the key stand for the key, so nobody is passed over who is admitted); what wins there is held against
the cutoffs exactly. Functions are long because numba's loops must see their arrays at hand to become vectors.
"""

from __future__ import annotations

import numpy as np

from services.matching.kernel.array_types import (
    BLOCK,
    FEW,
    I16,
    I32,
    I64,
    KEY_SHIFT,
    LEVELS,
    U64,
    PassState,
    PeopleArrays,
    Scratch,
    VacancyArrays,
)
from services.matching.kernel.jit import compiled, inlined
from services.matching.kernel.prefetch import fetch_ahead
from services.matching.kernel.scoring import (
    NONE,
    SPREAD_MASK,
    WHOLE,
    admits,
    block_bounds,
    feasible_words,
    key_at,
    lanes_wage_ok,
    place_points,
    worth_at,
)

LANES = np.uint64(BLOCK)


@inlined
def reachable(
    i: int, crowd: PeopleArrays, state: PassState, words: U64, upper_bound: I16, claim_level: I16, candidates: I32
) -> int:
    """Leaves in the words only vacancies whose bars may be within reach; the blocks that are left, the most promising first."""
    blocks = np.uint64(len(words))
    first, wanted, left, top = (
        np.uint64(crowd.sight[i]) * np.uint64(LEVELS) * blocks,
        np.uint64(0),
        np.uint64(0),
        np.uint64(0),
    )
    for b in range(blocks):
        candidates[wanted] = b
        wanted += np.uint64(upper_bound[b] >= 0)
    for turn in range(wanted):
        b = np.uint64(candidates[turn])
        words[b] &= state.reach[first + np.uint64(claim_level[b]) * blocks + b]
        candidates[left] = b
        left += np.uint64(words[b] != 0)
    for turn in range(left):
        top = turn if upper_bound[candidates[turn]] > upper_bound[candidates[top]] else top
    if left:
        candidates[0], candidates[top] = candidates[top], candidates[0]
    return np.int64(left)


@inlined
def block_best(
    word: np.uint64,
    first: np.uint64,
    i: int,
    city: np.int16,
    agreement: np.int16,
    market: VacancyArrays,
    crowd: PeopleArrays,
    bar: I16,
    worth: I16,
) -> np.int16:
    """The worth of each lane of a block that is feasible and at or above the bar, else -1; returns the greatest."""
    width, lanes = np.uint64(len(market.rank)), market.lanes
    for quarter in range(np.uint64(4)):
        part = np.int16(word >> (quarter * np.uint64(16)))
        for k in range(np.uint64(16)):
            worth[quarter * np.uint64(16) + k] = part
    occupation, view = np.uint64(crowd.occupation[i]) * width + first, np.uint64(crowd.sight[i]) * width + first
    schooling, offers = np.uint64(crowd.schooling[i]) * width + first, np.uint64(crowd.needs[i]) * width + first
    claim, experience = (
        np.int16(crowd.base[i] + agreement + (crowd.lottery[i] >> np.int64(KEY_SHIFT))),
        crowd.experience[i],
    )
    for k in range(LANES):
        points = np.int16(lanes.claim_occupation[occupation + k] + lanes.claim_schooling[schooling + k] + claim)
        points = np.int16(points + np.int16(experience * lanes.claim_experience[first + k]))
        good = (points >= bar[view + k]) & (np.int16(worth[k] & market.bit_of_lane[k]) != 0)
        worth[k] = np.int16(0) if good else NONE
    own_spread, rank, offset = crowd.spread[i], crowd.wage_rank[i], crowd.offset[i]
    top, times = np.int16(2 * market.numbers.half_steps), np.int16(market.numbers.multiplier)
    best = NONE
    for k in range(LANES):
        step = np.int16(lanes.wage_steps[first + k] + offset)
        step = np.int16(0) if step < 0 else step
        step = top if step > top else step
        wage = np.int16(np.int16(step * times) & WHOLE)
        spread = np.int16((own_spread + lanes.spread[first + k]) & SPREAD_MASK)
        points = np.int16(
            lanes.worth_occupation[occupation + k] + lanes.worth_offers[offers + k] + wage + city + spread
        )
        points = points if (worth[k] == 0) & (lanes.wage_rank[first + k] >= rank) else NONE
        worth[k] = points
        best = points if points > best else best
    return best


@inlined
def block_best_wide(
    word: np.uint64,
    first: np.uint64,
    i: int,
    city: np.int16,
    agreement: np.int16,
    market: VacancyArrays,
    crowd: PeopleArrays,
    bar: I16,
    worth: I16,
) -> np.int16:
    """The same for wages that 16 bits do not hold, lane by lane."""
    view = np.int64(crowd.sight[i]) * len(market.rank)
    best = NONE
    for k in range(BLOCK):
        p = np.int64(first) + k
        good = word >> np.uint64(k) & np.uint64(1) and lanes_wage_ok(i, p, market, crowd)
        good = good and key_at(i, p, agreement, market, crowd) >> np.int64(KEY_SHIFT) >= bar[view + p]
        worth[k] = worth_at(i, p, city, market, crowd) if good else NONE
        best = max(best, worth[k])
    return best


@inlined
def next_best(most: np.int16, worth: I16) -> np.int16:
    """The greatest worth below `most` in a block; -1: none."""
    best = NONE
    for k in range(LANES):
        points = worth[k] if worth[k] < most else NONE
        best = points if points > best else best
    return best


@inlined
def best_few(i: int, few: int, market: VacancyArrays, crowd: PeopleArrays, state: PassState, scratch: Scratch) -> int:
    """The best vacancies that admit a person, at most `few`, the best first, into `found`; returns how many."""
    cities = market.numbers.cities
    words, upper_bound, claim_level, place, worth, candidates, found, found_worth = scratch
    place_points(i, market, crowd, place)
    feasible_words(i, market, crowd, words)
    block_bounds(i, market, crowd, state, words, place, upper_bound, claim_level)
    left = reachable(i, crowd, state, words, upper_bound, claim_level, candidates)
    held, least = 0, NONE
    # The most promising block first: after it hardly any other can still win.
    for turn in range(left):
        b = np.int64(candidates[turn])
        if upper_bound[b] < least:
            continue
        c, word, start = np.int64(market.block_city[b]), words[b], np.uint64(b) * LANES
        city, agreement = place[c], market.agreement[np.int64(crowd.county[i]) * cities + c]
        if market.numbers.narrow:
            most = block_best(word, start, i, city, agreement, market, crowd, state.bar, worth)
        else:
            most = block_best_wide(word, start, i, city, agreement, market, crowd, state.bar, worth)
        while most > NONE and most >= least:
            for k in range(BLOCK):
                if worth[k] == most:
                    p = b * BLOCK + k
                    key = key_at(i, p, agreement, market, crowd)
                    if admits(market.vacancy[p], key, crowd.mask[i], state):
                        held = keep(p, most, few, held, market, found, found_worth)
            least = found_worth[few - 1] if held == few else NONE
            most = next_best(most, worth)
    return held


@inlined
def keep(p: int, worth: np.int16, few: int, held: int, market: VacancyArrays, found: I32, found_worth: I16) -> int:
    """Puts a vacancy in its place among those held, of which the last may fall out; returns how many are held."""
    at = held
    while at > 0 and (
        found_worth[at - 1] < worth or (found_worth[at - 1] == worth and market.rank[found[at - 1]] > market.rank[p])
    ):
        if at < few:
            found[at], found_worth[at] = found[at - 1], found_worth[at - 1]
        at -= 1
    if at < few:
        found[at], found_worth[at] = p, worth
    return min(held + 1, few)


@inlined
def key_of(i: int, p: int, market: VacancyArrays, crowd: PeopleArrays) -> np.int64:
    """Priority and lottery at a position."""
    row = np.int64(crowd.county[i]) * market.numbers.cities
    return key_at(i, p, market.agreement[row + market.block_city[p // BLOCK]], market, crowd)


@inlined
def next_kept(i: int, market: VacancyArrays, crowd: PeopleArrays, state: PassState, later: I32) -> int:
    """The best that still admits a person of those kept from his last look, or -1; what stands before it is struck off."""
    for at in range(1, FEW):
        p = np.int64(later[i, at]) - 1
        later[i, at] = 0
        if p >= 0 and admits(market.vacancy[p], key_of(i, p, market, crowd), crowd.mask[i], state):
            return p
    return -1


@compiled
def scan(
    market: VacancyArrays,
    crowd: PeopleArrays,
    state: PassState,
    scratch: Scratch,
    who: I32,
    first: int,
    last: int,
    position: I32,
    keys: I64,
    later: I32,
    again: int,
) -> None:
    """For people who[first:last]: the position of the best vacancy that admits them, or -1, and their key there.

    who[:again] look again, at cutoffs that have only risen since. From the third look on the next best are kept in `later`,
    a row of FEW for each person of the crowd, at first 0: whoever is displaced often need not look at everything. The first
    of a row says that he has looked twice, the others are positions from 1.
    """
    for at in range(first, last):
        i, displaced = np.int64(who[at]), at < again
        fetch_ahead(who, at, last, crowd)
        p = next_kept(i, market, crowd, state, later) if displaced else -1
        if p < 0:
            few = FEW if displaced and later[i, 0] else 1
            held = best_few(i, few, market, crowd, state, scratch)
            p = np.int64(scratch.found[0]) if held else -1
            for turn in range(1, held):
                later[i, turn] = scratch.found[turn] + 1
        if displaced:
            later[i, 0] = 1
        position[at], keys[at] = p, key_of(i, p, market, crowd) if p >= 0 else 0
