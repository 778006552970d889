"""The best few of one side for one of the other: vacancies for a person, people for a vacancy, over the whole market.

Whom the last cutoffs admit comes first, then the others, each in their order. Only the few found are written down. Blocks
of vacancies and stretches of people that cannot hold anybody better than the last one found are passed over by their bounds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from services.matching.kernel.array_types import (
    BLOCK,
    I16,
    I32,
    I64,
    LOTTERY_BITS,
    U64,
    PeopleArrays,
    Scratch,
    VacancyArrays,
)
from services.matching.kernel.jit import compiled, inlined
from services.matching.kernel.scoring import (
    admits,
    block_bounds,
    feasible_words,
    key_at,
    lanes_wage_ok,
    place_points,
    worth_at,
)

ADMITTED = np.uint64(1 << 63)
# A person's order as one number: utility and spread, then the vacancy's id, the smaller first.
WORTH_SHIFT, LAST_RANK = np.uint64(32), np.uint64(2**32 - 1)
WHOLE_LOTTERY = 2**LOTTERY_BITS - 1


class Known(NamedTuple):
    """The cutoffs of the last run, shape (vacancies, seat types), 0 where a vacancy had none; and bars that bar nobody."""

    cutoff: I64
    lowest_bar: I16


class Stretches(NamedTuple):
    """The most that a claim is made of in each stretch of LONG people; `bound` is written anew for each vacancy."""

    base: I16
    schooling: I16
    experience: I16
    first_occupation: I16
    last_occupation: I16
    bound: I16


class Found(NamedTuple):
    """Who or what was found, the best first; `order` has the bit ADMITTED on top and is greater for the better."""

    order: U64
    row: I32
    key: I64


# People in a stretch; and how many of the most promising stretches are looked at before all others in their order.
LONG, FIRST = 128, 8


@inlined
def put(order: np.uint64, row: int, key: int, held: int, found: Found) -> int:
    """Puts one in its place among those held, of whom the last may fall out; returns how many are held."""
    at = min(held, len(found.order) - 1)
    while at > 0 and found.order[at - 1] < order:
        found.order[at], found.row[at], found.key[at] = found.order[at - 1], found.row[at - 1], found.key[at - 1]
        at -= 1
    found.order[at], found.row[at], found.key[at] = order, row, key
    return min(held + 1, len(found.order))


@inlined
def is_beaten(order: np.uint64, held: int, found: Found) -> bool:
    """Whether nobody of this order could be among those held."""
    return held == len(found.order) and order <= found.order[held - 1]


@inlined
def most_promising(upper_bound: I16) -> int:
    top = 0
    for b in range(len(upper_bound)):
        top = b if upper_bound[b] > upper_bound[top] else top
    return top


@compiled
def best_vacancies(
    i: int, market: VacancyArrays, crowd: PeopleArrays, known: Known, scratch: Scratch, found: Found
) -> int:
    """For a person the positions of the best vacancies; returns how many were found."""
    words, upper_bound, claim_level, place = scratch.words, scratch.upper_bound, scratch.claim_level, scratch.place
    place_points(i, market, crowd, place)
    feasible_words(i, market, crowd, words)
    block_bounds(i, market, crowd, known, words, place, upper_bound, claim_level)
    held = 0
    for _ in range(len(upper_bound)):
        b = most_promising(upper_bound)
        if upper_bound[b] < 0 or is_beaten(
            ADMITTED | np.uint64(upper_bound[b]) << WORTH_SHIFT | LAST_RANK, held, found
        ):
            break
        upper_bound[b] = -1
        c, word = np.int64(market.block_city[b]), words[b]
        agreement = market.agreement[np.int64(crowd.county[i]) * len(place) + c]
        for k in range(BLOCK):
            p = b * BLOCK + k
            if word >> np.uint64(k) & np.uint64(1) == 0 or not lanes_wage_ok(i, p, market, crowd):
                continue
            order = np.uint64(worth_at(i, p, place[c], market, crowd)) << WORTH_SHIFT | (
                LAST_RANK - np.uint64(market.rank[p])
            )
            if is_beaten(ADMITTED | order, held, found):
                continue
            key = key_at(i, p, agreement, market, crowd)
            if admits(market.vacancy[p], key, crowd.mask[i], known):
                order |= ADMITTED
            if not is_beaten(order, held, found):
                held = put(order, p, key, held, found)
    return held


@compiled
def best_people(
    p: int, market: VacancyArrays, crowd: PeopleArrays, stretches: Stretches, known: Known, found: Found
) -> int:
    """For the vacancy at a position the numbers of the best people whom the hard rules admit; returns how many were found."""
    c, vacancy = np.int64(market.block_city[p // BLOCK]), np.int64(market.vacancy[p])
    cities, held, bound = np.int64(market.numbers.cities), 0, stretches.bound
    lowest = known.cutoff[vacancy, 0]
    for t in range(known.cutoff.shape[1]):
        lowest = min(lowest, known.cutoff[vacancy, t])
    bound_stretches(p, c, market, stretches)
    for turn in range(FIRST + len(bound)):
        s = most_promising(bound) if turn < FIRST else turn - FIRST
        most = np.int64(bound[s] >> 5) << LOTTERY_BITS | WHOLE_LOTTERY
        if bound[s] < 0 or is_beaten(np.uint64(most) | (ADMITTED if most >= lowest else np.uint64(0)), held, found):
            continue
        bound[s] = -1
        for i in range(s * LONG, min((s + 1) * LONG, len(crowd.lottery))):
            key = key_at(i, p, market.agreement[np.int64(crowd.county[i]) * cities + c], market, crowd)
            order = np.uint64(key)
            if is_beaten(order | (ADMITTED if key >= lowest else np.uint64(0)), held, found):
                continue
            if admits(vacancy, key, crowd.mask[i], known):
                order |= ADMITTED
            if not is_beaten(order, held, found) and allows(i, p, market, crowd) and goes(i, c, market, crowd):
                held = put(order, i, key, held, found)
    return held


@inlined
def bound_stretches(p: int, c: int, market: VacancyArrays, stretches: Stretches) -> None:
    """The most points, times 32, that anybody of each stretch could have at a position."""
    width, cities, lanes, agreed = len(market.rank), np.int64(market.numbers.cities), market.lanes, np.int16(0)
    for county in range(len(market.agreement) // cities):
        agreed = max(agreed, market.agreement[county * cities + c])
    for s in range(len(stretches.bound)):
        occupation = np.int16(0)
        for code in range(stretches.first_occupation[s], stretches.last_occupation[s] + 1):
            occupation = max(occupation, lanes.claim_occupation[code * width + p])
        points = (
            stretches.base[s]
            + agreed
            + occupation
            + lanes.claim_schooling[np.int64(stretches.schooling[s]) * width + p]
        )
        stretches.bound[s] = np.int16(points + stretches.experience[s] * lanes.claim_experience[p])


@inlined
def goes(i: int, c: int, market: VacancyArrays, crowd: PeopleArrays) -> bool:
    """Whether a person goes to a city: by what he wishes, and it is not refused."""
    elsewhere = crowd.elsewhere[i]
    willing = elsewhere == 0 or (
        elsewhere == 1 and market.abroad[np.int64(crowd.province[i]) * market.numbers.cities + c] == 0
    )
    for at in range(crowd.destinations[i], crowd.destinations[i + 1]):
        willing = willing or crowd.destination_cities[at] == c
    for at in range(crowd.refused[i], crowd.refused[i + 1]):
        willing = willing and crowd.refused_cities[at] != c
    return willing


@inlined
def allows(i: int, p: int, market: VacancyArrays, crowd: PeopleArrays) -> bool:
    """Whether the hard rules but the city's admit a person at a position."""
    b, blocks, bits = p // BLOCK, np.int64(market.numbers.blocks), market.bits
    word = bits.age[np.int64(crowd.age[i]) * blocks + b] & bits.schooling[np.int64(crowd.schooling[i]) * blocks + b]
    word &= bits.day[np.int64(crowd.day[i]) * blocks + b]
    for byte in range(crowd.lack.shape[0]):
        word &= bits.names[(byte * 256 + np.int64(crowd.lack[byte, i])) * blocks + b]
    return word >> np.uint64(p % BLOCK) & np.uint64(1) == 1 and lanes_wage_ok(i, p, market, crowd)
