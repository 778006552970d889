"""A person's row in parts: the hard rules as bits, points of one vacancy exactly, bounds of 64 at once; and who sits where.

Everything here is the formula of matching v1 on arrays. `looking` puts it together to find the best vacancy of the row.
"""

from __future__ import annotations

import numpy as np

from services.matching.kernel.array_types import (
    BLOCK,
    I8,
    I16,
    I32,
    KEY_SHIFT,
    LEVEL_SHIFT,
    LOTTERY_BITS,
    U64,
    PassState,
    PeopleArrays,
    Scratch,
    VacancyArrays,
)
from services.matching.kernel.jit import compiled, inlined

SPREAD_MASK = np.int16(31)
# All but the five bits below whole points.
WHOLE = np.int16(-32)
NONE = np.int16(-1)


@inlined
def place_points(i: int, market: VacancyArrays, crowd: PeopleArrays, worth: I16) -> None:
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
            worth[c] = market.closeness[row + np.uint64(c)] + (
                market.destination[rank] if rank < len(market.destination) else 0
            )
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
def feasible_words(i: int, market: VacancyArrays, crowd: PeopleArrays, words: U64) -> None:
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
def wage_points(step: int, market: VacancyArrays) -> np.int16:
    """Points times 32 of a wage that lies so many steps of ten yuan above the least of the ramp."""
    return market.ramp[min(max(step, 0), len(market.ramp) - 1)]


@inlined
def worth_at(i: int, p: int, city: np.int16, market: VacancyArrays, crowd: PeopleArrays) -> np.int16:
    """Utility times 32, plus the spread: a person's order, but for the last tie."""
    width = len(market.rank)
    step = market.wage[p] - crowd.wage[i] + market.numbers.half_steps
    points = (
        market.lanes.worth_occupation[np.int64(crowd.occupation[i]) * width + p]
        + market.lanes.worth_offers[np.int64(crowd.needs[i]) * width + p]
    )
    spread = (crowd.spread[i] + market.lanes.spread[p]) & 31
    return np.int16(city + points + wage_points(step, market) + spread)


@inlined
def key_at(i: int, p: int, agreement: np.int16, market: VacancyArrays, crowd: PeopleArrays) -> np.int64:
    """Priority and lottery."""
    width, lanes = len(market.rank), market.lanes
    points = crowd.base[i] + agreement + lanes.claim_occupation[np.int64(crowd.occupation[i]) * width + p]
    points += (
        lanes.claim_schooling[np.int64(crowd.schooling[i]) * width + p]
        + crowd.experience[i] * lanes.claim_experience[p]
    )
    return (np.int64(points) >> 5) << LOTTERY_BITS | crowd.lottery[i]


@inlined
def admits(vacancy: int, key: int, mask: int, state: PassState) -> bool:
    """Whether the key reaches the cutoff of a seat type that the person qualifies for."""
    types = state.cutoff.shape[1]
    for t in range(types):
        if mask >> t & 1 and key >= state.cutoff[vacancy, t]:
            return True
    return False


@inlined
def lanes_wage_ok(i: int, p: int, market: VacancyArrays, crowd: PeopleArrays) -> bool:
    return market.lanes.wage_rank[p] >= crowd.wage_rank[i]


@inlined
def block_bounds(
    i: int,
    market: VacancyArrays,
    crowd: PeopleArrays,
    state: PassState,
    words: U64,
    place: I16,
    upper_bound: I16,
    claim_level: I16,
) -> None:
    """The most that each block could be worth to a person, with the greatest spread; -1: nothing there can be his. `level`:
    the level of the greatest claim that he could have there.

    Many loops, because one over more than some six arrays, or with a choice between two of them, does not become vectors.
    """
    blocks = np.uint64(len(words))
    bounds, numbers = market.bounds, market.numbers
    row = np.uint64(crowd.county[i]) * np.uint64(numbers.cities)
    for b in range(blocks):
        upper_bound[b] = place[np.uint64(market.block_city[b])]
    for b in range(blocks):
        claim_level[b] = market.agreement[row + np.uint64(market.block_city[b])]
    occupation, schooling, sight = (
        np.uint64(crowd.occupation[i]) * blocks,
        np.uint64(crowd.schooling[i]) * blocks,
        np.uint64(crowd.sight[i]) * blocks,
    )
    claim = np.int16(crowd.base[i] + (crowd.lottery[i] >> np.int64(KEY_SHIFT)))
    experience = crowd.experience[i]
    for b in range(blocks):
        points = np.int16(
            bounds.claim_occupation[occupation + b]
            + bounds.claim_schooling[schooling + b]
            + np.int16(experience * bounds.claim_experience[b])
        )
        claim_level[b] = np.int16(claim_level[b] + points + claim)
    for b in range(blocks):
        out_of_reach = np.int16(claim_level[b] - state.lowest_bar[sight + b]) >> np.int16(15)  # -1 or 0
        upper_bound[b] = np.int16(upper_bound[b] | out_of_reach)
        claim_level[b] = np.int16(claim_level[b] >> LEVEL_SHIFT)
    offers = (np.uint64(crowd.occupation[i]) * np.uint64(numbers.needs) + np.uint64(crowd.needs[i])) * blocks
    if numbers.narrow:
        top, times, offset = np.int16(2 * numbers.half_steps), np.int16(numbers.multiplier), crowd.offset[i]
        for b in range(blocks):
            step = np.int16(bounds.wage_steps[b] + offset)
            step = np.int16(0) if step < 0 else step
            step = top if step > top else step
            wage = np.int16(np.int16(step * times) & WHOLE)
            most = np.int16(np.int16(upper_bound[b] + bounds.worth[offers + b] + wage) | SPREAD_MASK)
            upper_bound[b] = most if upper_bound[b] >= 0 else NONE
    else:
        for b in range(blocks):
            wage = wage_points(bounds.wage[b] - crowd.wage[i] + numbers.half_steps, market)
            upper_bound[b] = (
                np.int16((upper_bound[b] + bounds.worth[offers + b] + wage) | SPREAD_MASK)
                if upper_bound[b] >= 0
                else NONE
            )


@compiled
def city_bests(
    market: VacancyArrays, crowd: PeopleArrays, state: PassState, scratch: Scratch, who: I32, bests: I16
) -> None:
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
            if (
                place[c] < 0
                or words[p // BLOCK] >> np.uint64(p % BLOCK) & np.uint64(1) == 0
                or market.lanes.wage_rank[p] < crowd.wage_rank[i]
            ):
                continue
            utility = worth_at(i, p, place[c], market, crowd) >> 5
            if utility <= bests[at, c]:
                continue
            key = key_at(i, p, market.agreement[np.int64(crowd.county[i]) * len(place) + c], market, crowd)
            if admits(market.vacancy[p], key, crowd.mask[i], state):
                bests[at, c] = utility


@compiled
def read_places(
    market: VacancyArrays,
    crowd: PeopleArrays,
    state: PassState,
    scratch: Scratch,
    utility: I16,
    priority: I16,
    seat: I8,
) -> None:
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
