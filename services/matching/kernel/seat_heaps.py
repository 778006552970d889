"""A vacancy's seats: one heap for each seat type, the lowest key on top, and the cutoffs that follow from them.

An applicant goes along the reserved types in their order, then to the open seats: where there is room he stays, else the
lowest of those on the type and him goes on. So one more applicant moves at most one person along each type, and what a
vacancy holds is what matching v1, section 5 chooses from all who ever applied.
"""

from __future__ import annotations

import numpy as np

from services.matching.kernel.array_types import (
    BLOCK,
    I32,
    I64,
    KEY_SHIFT,
    LEVEL_SHIFT,
    LEVELS,
    NEVER,
    U8,
    PassState,
    PeopleArrays,
    VacancyArrays,
)
from services.matching.kernel.jit import compiled, inlined

SMALLEST_ROOM = 4


@inlined
def push(heap: int, key: int, person: int, state: PassState) -> None:
    """Adds to a heap, which moves to the end of the arena with twice the room when it is full."""
    size = state.size[heap]
    if size == state.room[heap]:
        _move(heap, state)
    start = state.start[heap]
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if state.key[start + above] <= key:
            break
        state.key[start + at], state.person[start + at] = state.key[start + above], state.person[start + above]
        at = above
    state.key[start + at], state.person[start + at] = key, person
    state.size[heap] = size + 1


@inlined
def _move(heap: int, state: PassState) -> None:
    old, size, side = state.start[heap], state.size[heap], state.side[heap // state.cutoff.shape[1]]
    new = state.arena[side]
    for at in range(size):
        state.key[new + at], state.person[new + at] = state.key[old + at], state.person[old + at]
    state.room[heap] = max(SMALLEST_ROOM, 2 * size)
    state.arena[side] = new + state.room[heap]
    state.start[heap] = new


@inlined
def sink(heap: int, size: int, key: int, person: int, state: PassState) -> None:
    """Puts a key in the place of the lowest one of a heap of that size."""
    start, at = state.start[heap], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and state.key[start + below + 1] < state.key[start + below]:
            below += 1
        if key <= state.key[start + below]:
            break
        state.key[start + at], state.person[start + at] = state.key[start + below], state.person[start + below]
        at = below
    state.key[start + at], state.person[start + at] = key, person


@inlined
def take_lowest(heap: int, state: PassState) -> int:
    """The person with the lowest key leaves the heap."""
    start, size = state.start[heap], state.size[heap] - 1
    person = np.int64(state.person[start])
    state.size[heap] = size
    if size > 0:
        sink(heap, size, state.key[start + size], np.int64(state.person[start + size]), state)
    return person


@inlined
def seat(vacancy: int, key: int, person: int, state: PassState, crowd: PeopleArrays) -> int:
    """Lets a person apply; whoever holds nothing here afterwards is returned (perhaps himself), -1: nobody."""
    types = state.cutoff.shape[1]
    heap, last = vacancy * types, types - 1
    for t in range(last):
        quota = state.quota[heap + t]
        if quota == 0 or crowd.mask[person] >> t & 1 == 0:
            continue
        if state.size[heap + t] < quota:
            push(heap + t, key, person, state)
            if state.seated[vacancy] < state.openings[vacancy]:
                state.seated[vacancy] += 1
                return -1
            return take_lowest(heap + last, state)
        start = state.start[heap + t]
        if state.key[start] < key:
            lower_key, lower = state.key[start], np.int64(state.person[start])
            sink(heap + t, quota, key, person, state)
            key, person = lower_key, lower
    if state.seated[vacancy] < state.openings[vacancy]:
        push(heap + last, key, person, state)
        state.seated[vacancy] += 1
        return -1
    size, start = state.size[heap + last], state.start[heap + last]
    if size == 0 or state.key[start] > key:
        return person
    lower = np.int64(state.person[start])
    sink(heap + last, size, key, person, state)
    return lower


@inlined
def raise_cutoffs(vacancy: int, position: int, state: PassState) -> bool:
    """Reads the cutoffs off the heaps; whether one rose."""
    types = state.cutoff.shape[1]
    heap, last, rose = vacancy * types, types - 1, False
    for t in range(types):
        cutoff = 0
        if t < last and state.quota[heap + t] == 0:
            cutoff = NEVER
        elif t < last and state.size[heap + t] == state.quota[heap + t]:
            cutoff = state.key[state.start[heap + t]]
        elif t == last and state.seated[vacancy] == state.openings[vacancy]:
            cutoff = state.key[state.start[heap + t]] if state.size[heap + t] else NEVER
        if cutoff != state.cutoff[vacancy, t]:
            state.cutoff[vacancy, t] = cutoff
            rose = True
    if rose:
        raise_bars(vacancy, position, state)
    return rose


@inlined
def raise_bars(vacancy: int, position: int, state: PassState) -> None:
    """Lets the bars of each view follow the cutoffs of a vacancy."""
    width = state.bar.shape[0] // len(state.view_mask)
    for view in range(len(state.view_mask)):
        bar = np.int64(NEVER)
        for t in range(state.cutoff.shape[1]):
            if state.view_mask[view] >> t & 1:
                bar = min(bar, state.cutoff[vacancy, t])
        _close(view, position, width, state.bar[view * width + position], np.int64(bar >> KEY_SHIFT), state)
        state.bar[view * width + position] = np.int16(bar >> KEY_SHIFT)


@inlined
def _close(view: int, position: int, width: int, before: int, after: int, state: PassState) -> None:
    """Takes a vacancy out of the levels that its bar has left behind."""
    blocks = width // BLOCK
    keep = ~(np.uint64(1) << np.uint64(position % BLOCK))
    for level in range(before >> LEVEL_SHIFT, after >> LEVEL_SHIFT):
        state.reach[(view * LEVELS + level) * blocks + position // BLOCK] &= keep


@inlined
def lower_bars(block: int, state: PassState) -> None:
    """The lowest bar of each view in a block."""
    views = len(state.view_mask)
    width = state.bar.shape[0] // views
    blocks = width // BLOCK
    for view in range(views):
        first = np.uint64(view * width + block * BLOCK)
        lowest = np.int16(32767)
        for k in range(np.uint64(BLOCK)):
            bar = state.bar[first + k]
            lowest = bar if bar < lowest else lowest
        state.lowest_bar[view * blocks + block] = lowest


@compiled
def begin(market: VacancyArrays, state: PassState) -> None:
    """Cutoffs and bars before anybody has proposed; positions that hold no vacancy are closed to all."""
    for position in range(len(market.vacancy)):
        if market.vacancy[position] >= 0:
            raise_cutoffs(np.int64(market.vacancy[position]), position, state)
    for block in range(len(market.vacancy) // BLOCK):
        lower_bars(block, state)


@compiled
def propose(
    market: VacancyArrays,
    crowd: PeopleArrays,
    state: PassState,
    who: I32,
    count: int,
    position: I32,
    keys: I64,
    first_block: int,
    last_block: int,
    touched: U8,
    out: I32,
) -> tuple[int, int]:
    """Hands the proposals to vacancies of some blocks; who is refused or displaced goes into `out`; returns how many are
    there, and how many of them asked in vain because others of their batch came first.

    Two threads may do this at once for different blocks: a person holds one vacancy at most, so nothing is shared.
    """
    first, last = first_block * BLOCK, last_block * BLOCK
    refused, vain = 0, 0
    for at in range(count):
        p = np.int64(position[at])
        if p < first or p >= last:
            continue
        person, vacancy = np.int64(who[at]), np.int64(market.vacancy[p])
        loser = seat(vacancy, keys[at], person, state, crowd)
        if loser >= 0:
            state.held[loser] = -1
            out[refused] = loser
            refused += 1
        if loser == person:
            vain += 1
            continue
        state.held[person] = p
        if raise_cutoffs(vacancy, p, state):
            touched[p // BLOCK] = 1
    for block in range(first_block, last_block):
        if touched[block]:
            touched[block] = 0
            lower_bars(block, state)
    return refused, vain
