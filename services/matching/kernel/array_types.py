"""What the machine code works on: plain arrays with names, one tuple for each side of the market and one for its state.

n people, m vacancies at P positions in B blocks of 64 (P = 64 B), C cities, k reserve groups, T = k + 1 seat types.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

BLOCK = 64
# Priority, then the first five bits of the lottery: what of a key fits into a lane of 16 bits.
KEY_SHIFT = 48
LOTTERY_BITS = 53
# Claims in lanes run to 32,767; a level is 512 of them, 16 points of priority.
LEVEL_SHIFT, LEVELS = 9, 64
# How many of the best a third look finds: one to ask, and the others for later.
FEW = 8
NEVER = 2**63 - 1

I8: TypeAlias = npt.NDArray[np.int8]
I16: TypeAlias = npt.NDArray[np.int16]
I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
U8: TypeAlias = npt.NDArray[np.uint8]
U64: TypeAlias = npt.NDArray[np.uint64]


class Lanes(NamedTuple):
    """One value for each position, 16 bits wide so that one instruction does 16 or 32 of them; points times 32.

    Tables with a row for each class of people (occupation, needs, schooling) lie flat: row r starts at r * P.
    """

    worth_occupation: I16
    worth_offers: I16
    claim_occupation: I16
    claim_schooling: I16
    claim_experience: I16
    wage_steps: I16
    wage_rank: I16
    spread: I16


class Bits(NamedTuple):
    """Hard rules as bits, one word of 64 for each block: a row for each age, schooling, latest start (and one past all), and byte of lacking names."""

    age: U64
    schooling: U64
    day: U64
    names: U64


class Bounds(NamedTuple):
    """The most that any vacancy of a block could be worth, or a claim to it; flat rows of B like the lanes."""

    worth: I16
    wage_steps: I16
    wage: I64
    claim_occupation: I16
    claim_schooling: I16
    claim_experience: I16


class Numbers(NamedTuple):
    """The single numbers of a market; if `narrow`, a step of wage times `multiplier` is its points times 32, and a rest below."""

    half_steps: int
    multiplier: int
    relatives: int
    narrow: int
    needs: int
    blocks: int
    cities: int


class VacancyArrays(NamedTuple):
    """The vacancies' side, in the order of their positions. `closeness` and `agreement` have a row of C for each county."""

    lanes: Lanes
    bits: Bits
    bounds: Bounds
    block_city: I16
    vacancy: I32
    rank: I32
    wage: I64
    closeness: I16
    agreement: I16
    # A row of C for each province of people: 0 within it, -1 elsewhere.
    abroad: I16
    destination: I16
    ramp: I16
    # 1, 2, 4 … 32,768 four times over.
    bit_of_lane: I16
    numbers: Numbers


class PeopleArrays(NamedTuple):
    """The people's side, in the order in which they propose first; list i is cities[begin[i]:begin[i + 1]]."""

    lottery: I64
    base: I16
    spread: I16
    county: I16
    province: I16
    age: I16
    schooling: I16
    experience: I16
    occupation: I16
    needs: I16
    day: I32
    lack: U8
    # Tens of yuan hoped for, and the same as what a lane adds to its steps.
    wage: I64
    offset: I16
    wage_rank: I16
    mask: I64
    sight: I16
    elsewhere: I8
    relatives: I16
    only_city: I16
    destinations: I64
    refused: I64
    destination_cities: I16
    refused_cities: I16


class PassState(NamedTuple):
    """Who sits where. Heaps lie in one arena; `cutoff` is (m, T), `bar` a row of P for each view of the cutoffs."""

    cutoff: I64
    bar: I16
    lowest_bar: I16
    # For each view and level of claims a word for each block: which vacancies' bars are no higher than that level.
    reach: U64
    view_mask: I64
    start: I64
    room: I64
    size: I64
    quota: I64
    seated: I64
    openings: I64
    key: I64
    person: I32
    # Which part of the arena a vacancy's heaps move within, and where each part's free room begins.
    side: I32
    arena: I64
    # Position where a person sits, or -1.
    held: I32


class Scratch(NamedTuple):
    """What one thread writes down while it looks at a person: B words, B bounds, B levels, C points of cities, 64
    lanes, the numbers of the blocks that are left, and the best few positions with their worth."""

    words: U64
    upper_bound: I16
    claim_level: I16
    place: I16
    worth: I16
    candidates: I32
    found: I32
    found_worth: I16


def scratch_for(market: VacancyArrays) -> Scratch:
    blocks, cities = market.numbers.blocks, market.numbers.cities
    upper_bound, claim_level, place, worth = (np.empty(size, np.int16) for size in (blocks, blocks, cities, BLOCK))
    found, found_worth = np.empty(FEW, np.int32), np.empty(FEW, np.int16)
    return Scratch(
        np.empty(blocks, np.uint64),
        upper_bound,
        claim_level,
        place,
        worth,
        np.empty(blocks + 1, np.int32),
        found,
        found_worth,
    )
