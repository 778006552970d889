"""The state of a pass before anybody has asked: empty seats, cutoffs of 0, or infinite where there is no opening.

Memory: 4 bytes a person; 12 bytes a seat (reserved ones twice, because they return to all), or for vast offers about 200
bytes a person at most; for a vacancy 40 bytes and 40 for each seat type, and 10 for each different mask of groups.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.matching.kernel.array_types import BLOCK, I16, I32, I64, LEVELS, NEVER, PassState, VacancyArrays
from services.matching.kernel.encodings import Kinds
from services.matching.kernel.seat_heaps import SMALLEST_ROOM, begin
from services.matching.rules.facts import Vacancy

PARTS = 2


def empty_state(
    market: VacancyArrays, placed: Sequence[Vacancy], kinds: Kinds, people: int, reserve_groups: Sequence[str]
) -> PassState:
    """`placed`: the vacancies in the order of the positions."""
    types, width, views = len(reserve_groups) + 1, len(market.vacancy), len(kinds.views)
    openings = np.array([vacancy.openings for vacancy in placed], np.int64)
    quota = np.array(
        [[*(vacancy.reserved.get(group, 0) for group in reserve_groups), vacancy.openings] for vacancy in placed],
        np.int64,
    )
    side = _sides(market, openings)
    start, room, arena, length = _arena(np.minimum(quota.reshape(-1), people), np.repeat(side, types), people)
    state = PassState(
        cutoff=np.full((len(placed), types), -1, np.int64),
        bar=_first_bars(market, views),
        lowest_bar=np.zeros(views * (width // BLOCK), np.int16),
        reach=np.full(views * LEVELS * (width // BLOCK), 2**64 - 1, np.uint64),
        view_mask=np.array(kinds.views, np.int64),
        start=start,
        room=room,
        size=np.zeros(len(start), np.int64),
        quota=quota.reshape(-1),
        seated=np.zeros(len(placed), np.int64),
        openings=openings,
        key=np.empty(length, np.int64),
        person=np.empty(length, np.int32),
        side=side,
        arena=arena,
        held=np.full(people, -1, np.int32),
    )
    begin(market, state)
    assert NEVER == 2**63 - 1
    return state


def _first_bars(market: VacancyArrays, views: int) -> I16:
    """0, and the highest where no vacancy lies."""
    return np.tile(np.where(market.vacancy >= 0, 0, 32_767).astype(np.int16), views)


def _sides(market: VacancyArrays, openings: I64) -> I32:
    """Halves of the openings, never within a block."""
    position = np.flatnonzero(market.vacancy >= 0)
    blocks = position // BLOCK
    before = np.cumsum(openings) - openings
    first = before[np.searchsorted(blocks, blocks)] if len(blocks) else before
    return (first * PARTS >= max(1, int(openings.sum()))).astype(np.int32)


def _arena(seats: I64, side: I32, people: int) -> tuple[I64, I64, I64, int]:
    """Where each heap begins, its room, where each part's free room begins, and the length of all.

    As many seats as there are openings, if that is not much more than people; else heaps begin small and move when full:
    what a vacancy seats never falls, so all their moves take less than 8 places a person and 8 a heap in each part.
    """
    spare = 8 * people + 8 * len(seats)
    vast = int(seats.sum()) > spare
    room = np.minimum(seats, SMALLEST_ROOM) if vast else seats
    order = np.argsort(side, kind="stable")
    start = np.zeros(len(seats), np.int64)
    ends, at = np.zeros(PARTS, np.int64), 0
    for part in range(PARTS):
        own = order[side[order] == part]
        start[own] = at + np.cumsum(room[own]) - room[own]
        ends[part] = at + int(room[own].sum())
        at = int(ends[part]) + (spare if vast else 0)
    return start, room.astype(np.int64), ends, at
