"""The people as the machine code wants them: in the order of their claims, everything a number of a row.

Memory: 73 bytes a person, 2 for each destination or refused city, and 1 for each eight names of the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.kernel.classes import Classes, province_of
from services.matching.kernel.layout import Scales
from services.matching.kernel.shapes import I16, I32, I64, LOTTERY_BITS, U8, U64, Crowd, Market
from services.matching.kernel.siphash import draw_all
from services.matching.rules.columns import Coded, Lists, People, Texts
from services.matching.rules.kernel import LotteryTied
from services.matching.rules.weights import Weights

# People of one occupation stand together within as many: their rows of points stay in the processor's cache.
TOGETHER = 2048


@dataclass(frozen=True)
class Declared:
    """What a pass adds to the facts: points shared, the only city a person goes to (or -1), who left the market."""

    shared: I16
    only_city: I16
    out: npt.NDArray[np.bool_]


def undeclared(people: People) -> Declared:
    count = len(people)
    return Declared(people.shared, np.full(count, -1, np.int16), np.zeros(count, bool))


def draw(ids: Texts, seed: bytes) -> U64:
    drawn = np.empty(len(ids), np.uint64)
    low, high = (np.uint64(int.from_bytes(half, "little")) for half in (seed[:8], seed[8:]))
    draw_all(np.ascontiguousarray(ids.data), np.ascontiguousarray(ids.offsets), low, high, drawn)
    return drawn


def refuse_ties(ids: Texts, drawn: U64) -> None:
    """Raises LotteryTied if two people have the same lot."""
    lots = drawn >> np.uint64(64 - LOTTERY_BITS)
    ordered = np.sort(lots)
    tied = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(tied):
        one, other = np.flatnonzero(lots == ordered[tied[0]])[:2]
        raise LotteryTied(f"{ids[int(one)]} and {ids[int(other)]} drew the same lot")


def gather(
    people: People, drawn: U64, classes: Classes, declared: Declared, market: Market, scales: Scales, weights: Weights
) -> tuple[Crowd, I32]:
    """The crowd of a pass, and the file row of each of its people."""
    base = classes.group_points + people.burden + declared.shared
    lottery = (drawn >> np.uint64(64 - LOTTERY_BITS)).astype(np.int64)
    expected = base + people.experience * np.int64(scales.year) + people.education * np.int64(weights.education_step)
    order = _order(expected, lottery, classes.occupation, declared.out)
    cities = scales.cities
    wage = np.clip(people.wage_expected // 10, 0, 2**31 - 1)
    province = province_of(classes.kinds.counties, classes.kinds.provinces)
    destinations, destination_cities = _in_order(people.destinations, _first_only(people.destinations, _renumbered(people.destinations.names, cities)), order)
    refused, refused_cities = _in_order(people.refused, _renumbered(people.refused.names, cities)[people.refused.codes], order)
    crowd = Crowd(
        lottery=lottery[order], base=(base[order] * 32).astype(np.int16), spread=(drawn[order] & np.uint64(31)).astype(np.int16),
        county=classes.county[order].astype(np.int16), province=province[classes.county[order]] if len(province) else np.zeros(0, np.int16),
        age=people.age[order], schooling=people.education[order].astype(np.int16), experience=people.experience[order].astype(np.int16),
        occupation=classes.occupation[order].astype(np.int16), needs=classes.needs[order],
        day=np.searchsorted(scales.starts, people.available_from)[order].astype(np.int32),
        lack=_lack(people, weights)[:, order], wage=wage[order], offset=_offset(wage[order], market), wage_rank=np.searchsorted(scales.wages, people.wage_reserve[order]).astype(np.int16),
        mask=classes.mask[order], sight=classes.view[order], elsewhere=people.elsewhere[order],
        relatives=_cities(people.relatives_city, cities)[order], only_city=declared.only_city[order],
        destinations=destinations, destination_cities=destination_cities, refused=refused, refused_cities=refused_cities,
    )  # fmt: skip
    return _contiguous(crowd), order


def _contiguous(crowd: Crowd) -> Crowd:
    columns: list[Any] = [np.ascontiguousarray(column) for column in crowd]
    return Crowd(*columns)


def _order(expected: npt.NDArray[np.integer], lottery: I64, occupation: I32, out: npt.NDArray[np.bool_]) -> I32:
    """The strongest claims (as far as they are known before) first, so that fewer are displaced; then by occupation.

    The result does not depend on it, and a claim passes 1,022 here only by a guess that is too high.
    """
    order = np.argsort(-(np.minimum(expected, 1_022) << LOTTERY_BITS | lottery))
    if out.any():
        order = order[~out[order]]
    windows = np.arange(len(order)) // TOGETHER
    kind = windows << 32 | occupation[order]
    return order[np.argsort(kind, kind="stable")].astype(np.int32)


def _lack(people: People, weights: Weights) -> U8:
    """What may stand against a person, eight names to a row: certificates not held, work ruled out, accommodations needed."""
    held = people.certificates
    whole = np.array([sum(1 << at for at in range(len(weights.certificates[first : first + 8]))) for first in range(0, 8 * len(held), 8)], np.uint8)
    return np.concatenate([whole[:, None] & ~held, people.restrictions, people.accommodations])


def _offset(wage: I64, market: Market) -> I16:
    """What a lane's steps lack to a person's place on the ramp; far outside of it all are alike."""
    real = market.wage[market.vacancy >= 0]
    least, most, half = int(real.min(initial=2**31)), int(real.max(initial=0)), market.numbers.half_steps
    if not market.numbers.narrow or not len(real):
        return np.zeros(len(wage), np.int16)
    return (half - (np.clip(wage, least - half - 1, most + half + 1) - least)).astype(np.int16)


def _renumbered(names: Sequence[str], cities: Sequence[str]) -> I16:
    """City numbers of the run, -1 for those that are not in it (and, at the end, for none)."""
    known = {city: number for number, city in enumerate(cities)}
    return np.array([*(known.get(name, -1) for name in names), -1], np.int16)


def _cities(coded: Coded, cities: Sequence[str]) -> I16:
    return _renumbered(coded.names, cities)[coded.codes]


def _in_order(lists: Lists, numbers: I16, order: I32) -> tuple[I64, I16]:
    """Lists laid end to end in another order: where each begins (and the last ends), and what they hold."""
    first, length = lists.offsets[order], (lists.offsets[1:] - lists.offsets[:-1])[order]
    offsets = np.concatenate([[0], np.cumsum(length)])
    return offsets, numbers[np.repeat(first - offsets[:-1], length) + np.arange(offsets[-1])]


def _first_only(lists: Lists, numbers: I16) -> I16:
    """The cities of destination lists; named twice, the second only takes up its rank."""
    cities = numbers[lists.codes]
    lengths = np.diff(lists.offsets)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    again = np.zeros(len(cities), bool)
    for apart in range(1, int(lengths.max(initial=0))):
        again[apart:] |= (lists.codes[apart:] == lists.codes[:-apart]) & (rows[apart:] == rows[:-apart])
    return np.where(again, np.int16(-1), cities)
