"""The vacancies as the machine code wants them: sorted by city and trade into blocks of 64, every point a table.

Memory: a vacancy takes 4 bytes for each occupation of people, 2 for each kind of needs and schooling, a bit for each age
and latest start, 32 bytes for each eight names, and 36 more: about 430 bytes with 60 occupations and 20 names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import BLOCK, I16, I32, I64, U64, Bits, Bounds, Lanes, Numbers, VacancyArrays
from services.matching.kernel.encodings import Kinds
from services.matching.rules.facts import Vacancy
from services.matching.rules.scores import draw
from services.matching.rules.weights import Fit, Weights

MOST_IN_A_LANE = 32_767
OLDEST = 120
TOO_LATE = 2**31
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scales:
    """What people's columns are measured on: the cities, wages and latest starts (in days since 1970-01-01) that vacancies
    name, each once and ascending, and the mean points of a year's experience."""

    cities: tuple[str, ...]
    wages: I64
    starts: I64
    year: int


def scales_of(vacancies: Sequence[Vacancy]) -> Scales:
    return Scales(
        tuple(sorted({vacancy.city for vacancy in vacancies})),
        np.array(sorted({vacancy.wage for vacancy in vacancies}), np.int64),
        np.array(sorted({_day(vacancy) for vacancy in vacancies}), np.int64),
        sum(vacancy.experience_points for vacancy in vacancies) // max(1, len(vacancies)),
    )


def _day(vacancy: Vacancy) -> int:
    return vacancy.starts_by.toordinal() - 719_163


class TooManyWages(ValueError):
    """More different wages than a lane of 16 bits can rank."""


def lay_out(
    vacancies: Sequence[Vacancy], kinds: Kinds, scales: Scales, weights: Weights, seed: bytes
) -> tuple[VacancyArrays, I32]:
    """The market, and the file row of each vacancy in the order of the positions."""
    cities = scales.cities or ("",)
    order = sorted(range(len(vacancies)), key=lambda row: _where(vacancies[row]))
    placed = [vacancies[row] for row in order]
    position, block_city = _positions([cities.index(vacancy.city) for vacancy in placed])
    table = _Table(placed, position, len(block_city) * BLOCK, weights)
    lanes = _lanes(table, kinds, seed)
    ramp, narrow, multiplier = _ramp(weights)
    wage = table.spread_out([min(vacancy.wage // 10, 2**30) for vacancy in placed], np.int64)
    narrow = narrow and int(wage.max(initial=0)) - table.least_wage <= 16_000
    number = np.full(table.width, -1, np.int32)
    number[position] = np.arange(len(placed))
    ids = sorted(vacancy.vacancy.encode() for vacancy in placed)
    rank = {one: at for at, one in enumerate(ids)}
    market = VacancyArrays(
        lanes=lanes,
        bits=_bits(table, scales),
        bounds=_bounds(lanes, wage, len(block_city)),
        block_city=block_city,
        vacancy=number,
        rank=table.spread_out([rank[vacancy.vacancy.encode()] for vacancy in placed], np.int32),
        wage=wage,
        closeness=_county_points(kinds, cities, lambda county, city: weights.closeness.get(county, {}).get(city, 0)),
        agreement=_county_points(
            kinds, cities, lambda county, city: weights.agreement if (county, city) in weights.agreements else 0
        ),
        abroad=np.array([0 if city[:2] == home else -1 for home in kinds.provinces for city in cities], np.int16),
        destination=_points(np.array(weights.destination)),
        ramp=ramp,
        bit_of_lane=np.tile(1 << np.arange(16), 4).astype(np.uint16).view(np.int16),
        numbers=Numbers(
            weights.half_steps,
            multiplier,
            weights.relatives * 32,
            int(narrow),
            len(kinds.needs),
            len(block_city),
            len(cities),
        ),
    )
    return market, np.array(order, np.int32)


def _where(vacancy: Vacancy) -> tuple[str, str, str, int]:
    """What is alike lies together, so that a block's bounds say much about each of its vacancies."""
    return vacancy.city, vacancy.occupation.split("-")[0], vacancy.occupation, -vacancy.wage


def _positions(cities: Sequence[int]) -> tuple[I64, I16]:
    """Each city begins a block of its own."""
    position = np.zeros(len(cities), np.int64)
    block_city: list[int] = []
    at = 0
    for number, city in enumerate(cities):
        if at % BLOCK == 0 or city != block_city[-1]:
            at = len(block_city) * BLOCK
            block_city.append(city)
        position[number] = at
        at += 1
    return position, np.array(block_city or [0], np.int16)


def _points(points: npt.NDArray[np.integer]) -> I16:
    """Points as lanes hold them: times 32, so that the spread or the lottery's first bits fit below."""
    return np.ascontiguousarray(points * 32, dtype=np.int16)


class _Table:
    """The vacancies by position; what stands between them is nobody's."""

    def __init__(self, vacancies: Sequence[Vacancy], position: I64, width: int, weights: Weights) -> None:
        self.vacancies, self.position, self.width, self.weights = vacancies, position, width, weights
        self.least_wage = min((min(vacancy.wage // 10, 2**30) for vacancy in vacancies), default=0)

    def spread_out(self, values: Sequence[int], kind: type, empty: int = 0) -> npt.NDArray[Any]:
        lanes: npt.NDArray[Any] = np.full(self.width, empty, kind)
        lanes[self.position] = np.array(values, kind)
        return lanes

    def rows(self, table: npt.NDArray[np.integer], kinds: Sequence[int]) -> I16:
        """A table of (class, kind) points as lanes: the kind of each vacancy picks its column."""
        lanes = np.zeros((table.shape[0], self.width), np.int16)
        lanes[:, self.position] = _points(table)[:, np.array(kinds, np.int64)]
        return lanes.reshape(-1)


def _lanes(table: _Table, kinds: Kinds, seed: bytes) -> Lanes:
    weights, vacancies = table.weights, table.vacancies
    trades = sorted({vacancy.occupation for vacancy in vacancies})
    trade = [trades.index(vacancy.occupation) for vacancy in vacancies]
    offers = sorted({tuple(name in vacancy.offers for name in weights.offers) for vacancy in vacancies})
    offer = [offers.index(tuple(name in vacancy.offers for name in weights.offers)) for vacancy in vacancies]
    floors = np.arange(6)[:, None] - np.arange(6)[None, :]
    schooling = np.minimum(weights.education_cap, np.maximum(0, floors) * weights.education_step)
    wages = sorted({vacancy.wage for vacancy in vacancies})
    if len(wages) > MOST_IN_A_LANE:
        raise TooManyWages(f"vacancies name {len(wages)} different wages, more than {MOST_IN_A_LANE}")
    ranks = {wage: rank for rank, wage in enumerate(wages)}
    steps = [min(vacancy.wage // 10 - table.least_wage, 16_000) for vacancy in vacancies]
    return Lanes(
        worth_occupation=table.rows(_fits(kinds, trades, weights.occupation_utility, weights), trade),
        worth_offers=table.rows(_offers(kinds, offers, weights), offer),
        claim_occupation=table.rows(_fits(kinds, trades, weights.occupation_priority, weights), trade),
        claim_schooling=table.rows(schooling, [vacancy.education_min for vacancy in vacancies]),
        claim_experience=_points(table.spread_out([vacancy.experience_points for vacancy in vacancies], np.int16)),
        wage_steps=table.spread_out(steps, np.int16),
        wage_rank=table.spread_out([ranks[vacancy.wage] for vacancy in vacancies], np.int16, empty=-1),
        spread=table.spread_out([draw(seed, vacancy.vacancy) & 31 for vacancy in vacancies], np.int16),
    )


def _fits(kinds: Kinds, trades: Sequence[str], fit: Fit, weights: Weights) -> npt.NDArray[np.integer]:
    """Points of each occupation of people (rows) at each of vacancies."""
    own, theirs = np.array(kinds.occupations or ("",)), np.array(trades)
    major = (
        np.array([name.split("-")[0] for name in own])[:, None]
        == np.array([name.split("-")[0] for name in theirs])[None, :]
    )
    points = np.where(own[:, None] == theirs[None, :], fit.same, np.where(major, fit.major, fit.other))
    general = np.array([name == weights.general_occupation for name in trades], bool)
    return np.where(general, np.maximum(points, fit.general_floor), points)


def _offers(kinds: Kinds, offers: Sequence[tuple[bool, ...]], weights: Weights) -> npt.NDArray[np.integer]:
    """Points of each kind of needs (rows) at each kind of offers."""
    rows = np.frombuffer(b"".join(kinds.needs), np.uint8).reshape(len(kinds.needs), -1).T
    points = np.zeros((len(kinds.needs), len(offers)), np.int64)
    for at, needed in enumerate(weights.offers.values()):
        needs = rows[at // 8] >> np.uint8(at % 8) & np.uint8(1)
        offered = np.array([offer[at] for offer in offers], bool)
        points += np.where(offered[None, :], np.where(needs[:, None] == 1, needed, weights.extra), 0)
    return points


def _words(rows: Flags) -> U64:
    return np.packbits(rows, axis=1, bitorder="little").view(np.uint64)


def _bits(table: _Table, scales: Scales) -> Bits:
    vacancies, weights = table.vacancies, table.weights
    here = np.zeros(table.width, bool)
    here[table.position] = True
    least = table.spread_out([vacancy.age_min if vacancy.age_min is not None else 0 for vacancy in vacancies], np.int64)
    most = table.spread_out(
        [vacancy.age_max if vacancy.age_max is not None else OLDEST for vacancy in vacancies], np.int64
    )
    ages, schooling = np.arange(OLDEST + 1)[:, None], np.arange(6)[:, None]
    starts = table.spread_out([_day(vacancy) for vacancy in vacancies], np.int64)
    asked = table.spread_out([vacancy.education_min for vacancy in vacancies], np.int64)
    names = np.arange(256, dtype=np.uint8)[:, None]
    return Bits(
        age=_words((ages >= least) & (ages <= most) & here).reshape(-1),
        schooling=_words(schooling >= asked).reshape(-1),
        day=np.concatenate([_words(starts[None, :] >= day) for day in (*scales.starts.tolist(), TOO_LATE)]).reshape(-1),
        names=np.concatenate([_words((names & asked_for) == 0) for asked_for in _asked(table, weights)]).reshape(-1),
    )


def _asked(table: _Table, weights: Weights) -> list[npt.NDArray[Any]]:
    """Names that a person may not lack, a byte for eight: certificates asked for, work demanded, accommodations not provided."""
    rows = []
    for names, asked in (
        (weights.certificates, [vacancy.certificates for vacancy in table.vacancies]),
        (weights.restrictions, [vacancy.demands for vacancy in table.vacancies]),
        (
            weights.accommodations,
            [frozenset(weights.accommodations) - vacancy.accommodations for vacancy in table.vacancies],
        ),
    ):
        for first in range(0, max(1, len(names)), 8):
            eight = names[first : first + 8]
            rows.append(
                table.spread_out(
                    [sum(1 << at for at, name in enumerate(eight) if name in one) for one in asked], np.uint8
                )
            )
    return rows


def _bounds(lanes: Lanes, wage: npt.NDArray[Any], blocks: int) -> Bounds:
    return Bounds(
        worth=most_worth(lanes, blocks),
        wage_steps=_most(lanes.wage_steps, blocks),
        wage=_most(wage, blocks),
        claim_occupation=_most(lanes.claim_occupation, blocks),
        claim_schooling=_most(lanes.claim_schooling, blocks),
        claim_experience=_most(lanes.claim_experience, blocks),
    )


def most_worth(lanes: Lanes, blocks: int) -> I16:
    """The most points by occupation and offers in each block, a row of B for each occupation and kind of needs."""
    occupation, offers = (
        lanes.worth_occupation.reshape(-1, blocks, BLOCK),
        lanes.worth_offers.reshape(-1, blocks, BLOCK),
    )
    worth = np.stack([(occupation + one).max(axis=2) for one in offers], axis=1)
    return np.ascontiguousarray(worth).reshape(-1)


def _most(lanes: npt.NDArray[Any], blocks: int) -> npt.NDArray[Any]:
    return lanes.reshape(-1, blocks, BLOCK).max(axis=2).reshape(-1) if blocks else lanes[:0]


def _county_points(kinds: Kinds, cities: Sequence[str], points: Callable[[str, str], int]) -> I16:
    return _points(np.array([points(county, city) for county in kinds.counties for city in cities], np.int64))


def _ramp(weights: Weights) -> tuple[I16, bool, int]:
    """The wage's points by step, and the multiplier that gives them in 16 bits, where there is one (as for n/32, n/16, n/8 …)."""
    steps = np.arange(2 * weights.half_steps + 1)
    points = steps * weights.numerator // weights.denominator
    multiplier = -(-weights.numerator * 32 // weights.denominator)
    narrow = (
        len(steps) < 8_000
        and multiplier * max(1, int(steps[-1])) <= MOST_IN_A_LANE
        and np.array_equal(steps * multiplier // 32, points)
    )
    return _points(points), narrow, multiplier if narrow else 0
