"""A person's row: the best vacancy that the cutoffs leave open to him, without ever writing his list down.

Blocks of 64 vacancies are judged before their lanes are looked at: by the hard rules as bits, by the most that any of
them could be worth, and by the lowest bar that any of them sets. Only a block that could still win is computed, lane by
lane in 16 bits (the first bits of the key stand for the key, so nobody is passed over who is admitted); what wins there is
computed once more exactly. The functions are long because numba's loops must see their arrays at hand to become vectors.
"""

from __future__ import annotations

import numpy as np

from services.matching.kernel.compiling import compiled, inlined
from services.matching.kernel.shapes import (
    BLOCK,
    I8,
    I16,
    I32,
    I64,
    LEVEL_SHIFT,
    LEVELS,
    LOTTERY_BITS,
    U64,
    Crowd,
    Market,
    Scratch,
    State,
)

SPREAD_MASK = np.int16(31)
LANES = np.uint64(BLOCK)
# All but the five bits below whole points.
WHOLE = np.int16(-32)
NONE = np.int16(-1)


@inlined
def place_points(i: int, market: Market, crowd: Crowd, worth: I16) -> None:
    """Points of each city for a person by wishes, relatives and closeness, times 32; -1: he does not go there."""
    cities, elsewhere = np.uint64(len(worth)), crowd.elsewhere[i]
    row, home = np.uint64(crowd.county[i]) * cities, np.uint64(crowd.province[i]) * cities
    if elsewhere == 0:
        for c in range(cities):
            worth[c] = market.closeness[row + c]
    elif elsewhere == 1:
        for c in range(cities):
            worth[c] = market.closeness[row + c] | market.abroad[home + c]
    else:
        for c in range(cities):
            worth[c] = NONE
    rank = 0
    for at in range(crowd.destinations[i], crowd.destinations[i + 1]):
        c = crowd.destination_cities[at]
        if c >= 0:
            worth[c] = market.closeness[row + np.uint64(c)] + (market.destination[rank] if rank < len(market.destination) else 0)
        rank += 1
    c = crowd.relatives[i]
    if c >= 0 and worth[c] >= 0:
        worth[c] += np.int16(market.numbers.relatives)
    for at in range(crowd.refused[i], crowd.refused[i + 1]):
        c = crowd.refused_cities[at]
        if c >= 0:
            worth[c] = NONE
    if crowd.only_city[i] >= 0:
        for c in range(cities):
            if c != crowd.only_city[i]:
                worth[c] = NONE


@inlined
def feasible_words(i: int, market: Market, crowd: Crowd, words: U64) -> None:
    """The hard rules of a person against every block, all but wage and place."""
    blocks = np.uint64(len(words))
    age, schooling = np.uint64(crowd.age[i]) * blocks, np.uint64(crowd.schooling[i]) * blocks
    day = np.uint64(crowd.day[i]) * blocks
    for b in range(blocks):
        words[b] = market.bits.age[age + b] & market.bits.schooling[schooling + b] & market.bits.day[day + b]
    for byte in range(crowd.lack.shape[0]):
        lack = crowd.lack[byte, i]
        if lack:
            row = (np.uint64(byte) * np.uint64(256) + np.uint64(lack)) * blocks
            for b in range(blocks):
                words[b] &= market.bits.names[row + b]


@inlined
def wage_points(step: int, market: Market) -> np.int16:
    """Points times 32 of a wage that lies so many steps of ten yuan above the least of the ramp."""
    return market.ramp[min(max(step, 0), len(market.ramp) - 1)]


@inlined
def worth_at(i: int, p: int, city: np.int16, market: Market, crowd: Crowd) -> np.int16:
    """Utility times 32, plus the spread: a person's order, but for the last tie."""
    width = len(market.rank)
    step = market.wage[p] - crowd.wage[i] + market.numbers.half_steps
    points = market.lanes.worth_occupation[np.int64(crowd.occupation[i]) * width + p] + market.lanes.worth_offers[np.int64(crowd.needs[i]) * width + p]
    spread = (crowd.spread[i] + market.lanes.spread[p]) & 31
    return np.int16(city + points + wage_points(step, market) + spread)


@inlined
def key_at(i: int, p: int, agreement: np.int16, market: Market, crowd: Crowd) -> np.int64:
    """Priority and lottery."""
    width, lanes = len(market.rank), market.lanes
    points = crowd.base[i] + agreement + lanes.claim_occupation[np.int64(crowd.occupation[i]) * width + p]
    points += lanes.claim_schooling[np.int64(crowd.schooling[i]) * width + p] + crowd.experience[i] * lanes.claim_experience[p]
    return (np.int64(points) >> 5) << LOTTERY_BITS | crowd.lottery[i]


@inlined
def admits(vacancy: int, key: int, mask: int, state: State) -> bool:
    """Whether the key reaches the cutoff of a seat type that the person qualifies for."""
    types = state.cutoff.shape[1]
    for t in range(types):
        if mask >> t & 1 and key >= state.cutoff[vacancy, t]:
            return True
    return False


@inlined
def block_best(
    word: np.uint64, first: np.uint64, i: int, city: np.int16, agreement: np.int16, market: Market, crowd: Crowd, bar: I16, chosen: I16
) -> np.int16:
    """The greatest worth in a block among lanes that are feasible and at or above the bar; -1: none."""
    width, lanes = np.uint64(len(market.rank)), market.lanes
    for quarter in range(np.uint64(4)):
        part = np.int16(word >> (quarter * np.uint64(16)))
        for k in range(np.uint64(16)):
            chosen[quarter * np.uint64(16) + k] = part
    worth_occupation = np.uint64(crowd.occupation[i]) * width + first
    worth_offers = np.uint64(crowd.needs[i]) * width + first
    claim_schooling = np.uint64(crowd.schooling[i]) * width + first
    view = np.uint64(crowd.sight[i]) * width + first
    claim = np.int16(crowd.base[i] + agreement + (crowd.lottery[i] >> np.int64(48)))
    experience, own_spread, rank = crowd.experience[i], crowd.spread[i], crowd.wage_rank[i]
    offset = crowd.offset[i]
    top, times = np.int16(2 * market.numbers.half_steps), np.int16(market.numbers.multiplier)
    best = NONE
    for k in range(LANES):
        step = np.int16(lanes.wage_steps[first + k] + offset)
        step = np.int16(0) if step < 0 else step
        step = top if step > top else step
        wage = np.int16(np.int16(step * times) & WHOLE)
        spread = np.int16((own_spread + lanes.spread[first + k]) & SPREAD_MASK)
        worth = np.int16(lanes.worth_occupation[worth_occupation + k] + lanes.worth_offers[worth_offers + k] + wage + city + spread)
        points = np.int16(
            lanes.claim_occupation[worth_occupation + k] + lanes.claim_schooling[claim_schooling + k]
            + np.int16(experience * lanes.claim_experience[first + k]) + claim
        )  # fmt: skip
        good = (points >= bar[view + k]) & (lanes.wage_rank[first + k] >= rank) & (np.int16(chosen[k] & market.bit_of_lane[k]) != 0)
        worth = worth if good else NONE
        best = worth if worth > best else best
    return best


@inlined
def block_best_wide(
    word: np.uint64, first: np.uint64, i: int, city: np.int16, agreement: np.int16, market: Market, crowd: Crowd, bar: I16, chosen: I16
) -> np.int16:
    """The same for wages that 16 bits do not hold, lane by lane."""
    view = np.int64(crowd.sight[i]) * len(market.rank)
    best = NONE
    for k in range(BLOCK):
        p = np.int64(first) + k
        if word >> np.uint64(k) & np.uint64(1) and lanes_wage_ok(i, p, market, crowd):
            worth = worth_at(i, p, city, market, crowd)
            if worth > best and key_at(i, p, agreement, market, crowd) >> np.int64(48) >= bar[view + p]:
                best = worth
    return best


@inlined
def lanes_wage_ok(i: int, p: int, market: Market, crowd: Crowd) -> bool:
    return market.lanes.wage_rank[p] >= crowd.wage_rank[i]


@compiled
def scan(market: Market, crowd: Crowd, state: State, scratch: Scratch, who: I32, first: int, last: int, position: I32, keys: I64) -> None:
    """For people who[first:last]: the position of the best vacancy that admits them, or -1, and their key there."""
    blocks, cities = market.numbers.blocks, market.numbers.cities
    words, could, level, place, chosen = scratch
    for at in range(first, last):
        i = np.int64(who[at])
        place_points(i, market, crowd, place)
        feasible_words(i, market, crowd, words)
        block_bounds(i, market, crowd, state, words, place, could, level)
        best, best_position, best_key, best_rank = NONE, np.int64(-1), np.int64(0), np.int64(0)
        b = np.int64(np.argmax(could))
        reach = np.int64(crowd.sight[i]) * LEVELS * blocks
        turn = np.int64(-1)
        while turn < blocks:
            if turn >= 0:
                b = turn
            turn += 1
            if could[b] < 0 or could[b] < best:
                continue
            c = np.int64(market.block_city[b])
            could[b] = NONE
            word = words[b] & state.reach[reach + np.int64(level[b]) * blocks + b]
            if word == 0:
                continue
            city, agreement = place[c], market.agreement[np.int64(crowd.county[i]) * cities + c]
            start = np.uint64(b) * LANES
            if market.numbers.narrow:
                most = block_best(word, start, i, city, agreement, market, crowd, state.bar, chosen)
            else:
                most = block_best_wide(word, start, i, city, agreement, market, crowd, state.bar, chosen)
            if most < 0 or most < best:
                continue
            for k in range(BLOCK):
                if word >> np.uint64(k) & np.uint64(1) == 0:
                    continue
                p = b * BLOCK + k
                if market.lanes.wage_rank[p] < crowd.wage_rank[i]:
                    continue
                worth = worth_at(i, p, city, market, crowd)
                if worth < best or (worth == best and market.rank[p] > best_rank):
                    continue
                key = key_at(i, p, agreement, market, crowd)
                if admits(market.vacancy[p], key, crowd.mask[i], state):
                    best, best_position, best_key, best_rank = worth, p, key, np.int64(market.rank[p])
        position[at], keys[at] = best_position, best_key


@compiled
def city_bests(market: Market, crowd: Crowd, state: State, scratch: Scratch, who: I32, bests: I16) -> None:
    """For each of `who` and each city the utility of the best vacancy there that admits him, -1: none; shape (who, C)."""
    words, place = scratch.words, scratch.place
    for at in range(len(who)):
        i = np.int64(who[at])
        place_points(i, market, crowd, place)
        feasible_words(i, market, crowd, words)
        for c in range(len(place)):
            bests[at, c] = NONE
        for p in range(len(market.vacancy)):
            c = np.int64(market.block_city[p // BLOCK])
            if place[c] < 0 or words[p // BLOCK] >> np.uint64(p % BLOCK) & np.uint64(1) == 0 or market.lanes.wage_rank[p] < crowd.wage_rank[i]:
                continue
            utility = worth_at(i, p, place[c], market, crowd) >> 5
            if utility <= bests[at, c]:
                continue
            key = key_at(i, p, market.agreement[np.int64(crowd.county[i]) * len(place) + c], market, crowd)
            if admits(market.vacancy[p], key, crowd.mask[i], state):
                bests[at, c] = utility


@compiled
def read_places(market: Market, crowd: Crowd, state: State, scratch: Scratch, utility: I16, priority: I16, seat: I8) -> None:
    """Utility, priority and seat type of everybody who sits, by the final cutoffs; -1 for the others."""
    place = scratch.place
    for i in range(len(crowd.lottery)):
        p = np.int64(state.held[i])
        utility[i], priority[i], seat[i] = NONE, NONE, -1
        if p < 0:
            continue
        place_points(i, market, crowd, place)
        c = np.int64(market.block_city[p // BLOCK])
        key = key_at(i, p, market.agreement[np.int64(crowd.county[i]) * len(place) + c], market, crowd)
        utility[i] = worth_at(i, p, place[c], market, crowd) >> 5
        priority[i] = key >> LOTTERY_BITS
        for t in range(state.cutoff.shape[1]):
            if crowd.mask[i] >> t & 1 and key >= state.cutoff[market.vacancy[p], t]:
                seat[i] = t
                break


@inlined
def block_bounds(i: int, market: Market, crowd: Crowd, state: State, words: U64, place: I16, could: I16, level: I16) -> None:
    """The most that each block could be worth to a person, with the greatest spread; -1: nothing there can be his."""
    blocks = np.uint64(len(words))
    bounds, numbers = market.bounds, market.numbers
    row = np.uint64(crowd.county[i]) * np.uint64(numbers.cities)
    for b in range(blocks):
        c = np.uint64(market.block_city[b])
        could[b], level[b] = place[c], market.agreement[row + c]
    for b in range(blocks):
        could[b] = could[b] if words[b] else NONE
    offers = (np.uint64(crowd.occupation[i]) * np.uint64(numbers.needs) + np.uint64(crowd.needs[i])) * blocks
    occupation, schooling, sight = (np.uint64(crowd.occupation[i]) * blocks, np.uint64(crowd.schooling[i]) * blocks, np.uint64(crowd.sight[i]) * blocks)
    claim = np.int16(crowd.base[i] + (crowd.lottery[i] >> np.int64(48)))
    experience = crowd.experience[i]
    top, times = np.int16(2 * numbers.half_steps), np.int16(numbers.multiplier)
    offset = crowd.offset[i]
    for b in range(blocks):
        points = np.int16(
            claim + bounds.claim_occupation[occupation + b] + bounds.claim_schooling[schooling + b]
            + np.int16(experience * bounds.claim_experience[b]) + level[b]
        )  # fmt: skip
        level[b] = np.int16(points >> LEVEL_SHIFT)
        could[b] = could[b] if points >= state.lowest_bar[sight + b] else NONE
    if numbers.narrow:
        for b in range(blocks):
            step = np.int16(bounds.wage_steps[b] + offset)
            step = np.int16(0) if step < 0 else step
            step = top if step > top else step
            wage = np.int16(np.int16(step * times) & WHOLE)
            most = np.int16(np.int16(could[b] + bounds.worth[offers + b] + wage) | SPREAD_MASK)
            could[b] = most if could[b] >= 0 else NONE
    else:
        for b in range(blocks):
            wage = wage_points(bounds.wage[b] - crowd.wage[i] + numbers.half_steps, market)
            could[b] = np.int16((could[b] + bounds.worth[offers + b] + wage) | 31) if could[b] >= 0 else NONE
