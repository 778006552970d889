"""The people as the machine code wants them: in the order of their claims, everything a number of a row.

Memory: 73 bytes a person, 2 for each destination or refused city, and 1 for each eight names of the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I16, I32, I64, LOTTERY_BITS, U8, U64, PeopleArrays, VacancyArrays
from services.matching.kernel.encodings import Classes, province_of
from services.matching.kernel.ragged_arrays import lay_in_order
from services.matching.kernel.siphash import draw_all
from services.matching.kernel.vacancy_arrays import Scales
from services.matching.reference.deferred_acceptance import LotteryTied
from services.matching.rules.columns import CodedColumn, ListColumn, People, TextColumn
from services.matching.rules.weights import Weights

# Columns that are lists: where each begins, and what they hold.
LISTS = (("destinations", "destination_cities"), ("refused", "refused_cities"))
# So many people are done sooner than a second thread has begun.
MANY = 4_096
# People of one occupation stand together within as many: their rows of points stay in the processor's cache.
TOGETHER = 2048


@dataclass(frozen=True)
class DeclaredColumns:
    """What a pass adds to the facts: points shared, the only city a person goes to (or -1), who left the market."""

    shared: I16
    only_city: I16
    out: npt.NDArray[np.bool_]


def undeclared(people: People) -> DeclaredColumns:
    count = len(people)
    return DeclaredColumns(people.shared, np.full(count, -1, np.int16), np.zeros(count, bool))


def draw(ids: TextColumn, seed: bytes) -> U64:
    drawn = np.empty(len(ids), np.uint64)
    low, high = (np.uint64(int.from_bytes(half, "little")) for half in (seed[:8], seed[8:]))
    draw_all(np.ascontiguousarray(ids.data), np.ascontiguousarray(ids.offsets), low, high, drawn)
    return drawn


def refuse_ties(ids: TextColumn, drawn: U64) -> None:
    """Raises LotteryTied if two people have the same lot."""
    lots = drawn >> np.uint64(64 - LOTTERY_BITS)
    ordered = np.sort(lots)
    tied = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(tied):
        one, other = np.flatnonzero(lots == ordered[tied[0]])[:2]
        raise LotteryTied(f"{ids[int(one)]} and {ids[int(other)]} drew the same lot")


def build_people_arrays(
    people: People,
    drawn: U64,
    classes: Classes,
    declared: DeclaredColumns,
    market: VacancyArrays,
    scales: Scales,
    weights: Weights,
    threads: int = 1,
) -> tuple[PeopleArrays, I32]:
    """The crowd of a pass, and the file row of each of its people."""
    base = classes.group_points + people.burden + declared.shared
    lottery = (drawn >> np.uint64(64 - LOTTERY_BITS)).astype(np.int64)
    expected = base + people.experience * np.int64(scales.year) + people.education * np.int64(weights.education_step)
    order = _order(expected, lottery, classes.occupation, declared.out)
    cities, wage = scales.cities, np.clip(people.wage_expected // 10, 0, 2**31 - 1)
    province = province_of(classes.kinds.counties, classes.kinds.provinces)
    refused = _renumbered(people.refused.names, cities)

    def taken(column: npt.NDArray[Any], kind: type | None = None) -> npt.NDArray[Any]:
        return column.take(order) if kind is None else column.take(order).astype(kind)

    works: dict[str, Callable[[], Any]] = {
        "destinations": lambda: _in_order(
            people.destinations, _first_only(people.destinations, _renumbered(people.destinations.names, cities)), order
        ),
        "refused": lambda: _in_order(people.refused, refused[people.refused.codes], order),
        "wage_rank": lambda: np.searchsorted(scales.wages, taken(people.wage_reserve)).astype(np.int16),
        "day": lambda: np.searchsorted(scales.starts, taken(people.available_from)).astype(np.int32),
        "lack": lambda: _lack(people, weights).take(order, axis=1),
        "lottery": lambda: taken(lottery),
        "base": lambda: taken(base * 32, np.int16),
        "spread": lambda: taken(drawn & np.uint64(31), np.int16),
        "county": lambda: taken(classes.county, np.int16),
        "province": lambda: province[taken(classes.county)] if len(province) else np.zeros(0, np.int16),
        "age": lambda: taken(people.age),
        "schooling": lambda: taken(people.education, np.int16),
        "experience": lambda: taken(people.experience, np.int16),
        "occupation": lambda: taken(classes.occupation, np.int16),
        "needs": lambda: taken(classes.needs),
        "wage": lambda: taken(wage),
        "offset": lambda: taken(_offset(wage, market)),
        "mask": lambda: taken(classes.mask),
        "sight": lambda: taken(classes.view),
        "elsewhere": lambda: taken(people.elsewhere),
        "relatives": lambda: taken(_cities(people.relatives_city, cities)),
        "only_city": lambda: taken(declared.only_city),
    }
    columns = dict(zip(works, _done(list(works.values()), threads if len(order) > MANY else 1), strict=True))
    for begins, codes in LISTS:
        columns[begins], columns[codes] = columns[begins]
    return PeopleArrays(**columns), order


def _done(works: Sequence[Callable[[], Any]], threads: int) -> list[Any]:
    """What each comes to; numpy lets threads take columns at the same time."""
    if threads == 1:
        return [work() for work in works]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda work: work(), works))


def _order(expected: npt.NDArray[np.integer], lottery: I64, occupation: I32, out: npt.NDArray[np.bool_]) -> I32:
    """The strongest claims (as far as they are known before) first, so that fewer are displaced; then by occupation.

    The result does not depend on it, and a claim passes 1,022 here only by a guess that is too high.
    """
    order = np.argsort(-(np.minimum(expected, 1_022) << LOTTERY_BITS | lottery))
    if out.any():
        order = order[~out[order]]
    whole = len(order) - len(order) % TOGETHER
    windows = [order[:whole].reshape(-1, TOGETHER), order[whole:].reshape(1, -1)]
    return np.concatenate([_by_kind(window, occupation).reshape(-1) for window in windows]).astype(np.int32)


def _by_kind(windows: npt.NDArray[np.intp], occupation: I32) -> npt.NDArray[np.intp]:
    """Each window by occupation; sixteen bits sort fastest."""
    return np.take_along_axis(windows, np.argsort(occupation[windows].astype(np.int16), axis=1, kind="stable"), axis=1)


def _lack(people: People, weights: Weights) -> U8:
    """What may stand against a person, eight names to a row: certificates not held, work ruled out, accommodations needed."""
    held = people.certificates
    whole = np.array(
        [
            sum(1 << at for at in range(len(weights.certificates[first : first + 8])))
            for first in range(0, 8 * len(held), 8)
        ],
        np.uint8,
    )
    return np.concatenate([whole[:, None] & ~held, people.restrictions, people.accommodations])


def _offset(wage: I64, market: VacancyArrays) -> I16:
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


def _cities(coded: CodedColumn, cities: Sequence[str]) -> I16:
    return _renumbered(coded.names, cities)[coded.codes]


def _in_order(lists: ListColumn, numbers: I16, order: I32) -> tuple[I64, I16]:
    """Lists laid end to end in another order: where each begins (and the last ends), and what they hold."""
    length = np.diff(lists.offsets).take(order)
    begins = np.concatenate([[0], np.cumsum(length)])
    laid = np.empty(begins[-1], np.int16)
    lay_in_order(lists.offsets, numbers, order, begins, laid)
    return begins, laid


def _first_only(lists: ListColumn, numbers: I16) -> I16:
    """The cities of destination lists; named twice, the second only takes up its rank."""
    cities = numbers[lists.codes]
    lengths = np.diff(lists.offsets)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    again = np.zeros(len(cities), bool)
    for apart in range(1, int(lengths.max(initial=0))):
        again[apart:] |= (lists.codes[apart:] == lists.codes[:-apart]) & (rows[apart:] == rows[:-apart])
    return np.where(again, np.int16(-1), cities)
