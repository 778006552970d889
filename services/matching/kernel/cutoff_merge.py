"""A county's ear (县级侧): cutoffs that it hears merge by the greater, and whoever fell below one is found again."""

from __future__ import annotations

from services.matching.kernel.array_types import BLOCK, I8, I32, I64, U8, PassState, PeopleArrays, VacancyArrays
from services.matching.kernel.jit import compiled
from services.matching.kernel.scoring import admits
from services.matching.kernel.seat_heaps import lower_bars, raise_bars


@compiled
def merge(state: PassState, position: I64, vacancy: I32, seat: I8, key: I64, touched: U8) -> int:
    """Raises cutoffs (vacancy[i], seat[i]) to key[i] where they are lower, with the bars and reach that follow; returns how
    many rose. `position` is where each vacancy lies, `touched` a byte for each block, all 0 before and after."""
    rose = 0
    for at in range(len(vacancy)):
        one, t = int(vacancy[at]), int(seat[at])
        if key[at] > state.cutoff[one, t]:
            state.cutoff[one, t] = key[at]
            raise_bars(one, int(position[one]), state)
            touched[position[one] // BLOCK] = 1
            rose += 1
    for block in range(len(touched)):
        if touched[block]:
            touched[block] = 0
            lower_bars(block, state)
    return rose


@compiled
def fallen(market: VacancyArrays, crowd: PeopleArrays, state: PassState, standing: I32, keys: I64, out: I32) -> int:
    """Puts into `out` whose standing proposal (a position, or -1) the known cutoffs refuse; returns how many they are."""
    count = 0
    for i in range(len(standing)):
        p = int(standing[i])
        if p >= 0 and not admits(int(market.vacancy[p]), int(keys[i]), int(crowd.mask[i]), state):
            out[count] = i
            count += 1
    return count
