"""Shadow prices (影子价格) of openings: what no assignment whatever can pass in sum, so that everybody sees what fairness cost.

For any prices p >= 0 and any assignment within the hard rules and the openings, the sum of utilities is at most

    sum over vacancies of openings * p  +  sum over people of max(0, the greatest utility - p)

because somebody placed has at most his second part and the price of his opening (weak duality; Shapley and Shubik 1971).
Prices are whole points, so the bound is a whole number and nothing is rounded; couples are two people, and reserves bind
nobody, so it bounds every result of a run. Good prices are found as markets find them (tatonnement): up where more people
want an opening than there are, down where fewer do. They come close on markets of thousands; where few vacancies face many
people who are all alike, the crowd goes to and fro between them, and some hundredths may stay. A price only lowers a vacancy's worth, so the row kernel finds what
each person wants most in a market where every seat is empty.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I16, I64, VacancyArrays
from services.matching.kernel.batched_deferred_acceptance import DeferredAcceptance, Tell
from services.matching.kernel.passes import PreparedMarket
from services.matching.kernel.people_arrays import undeclared
from services.matching.kernel.scoring import read_places
from services.matching.kernel.vacancy_arrays import most_worth

# No utility passes 1023 points, so nobody wants an opening at this price who would not as well stay out.
HIGHEST = 1_023
# The search ends when so many rounds lowered the bound by less than a two-thousandth.
ROUNDS_MOST, WAIT, GAIN_LEAST = 60, 5, 0.0005
# Points of a step: at first, at least, at most; shorter after a turn, longer while it goes on the same way. A vacancy
# without takers goes down by one step, one wanted by four times as many as it has openings, or more, up by three.
FIRST, LEAST, MOST, SHORTER, LONGER = 64.0, 0.3, 200.0, 0.6, 1.2
DOWN, UP = -1, 3
Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True)
class DualBound:
    """No assignment's sum of utilities is above `bound`; `price` proves it, points of an opening of each vacancy in file order."""

    bound: int
    price: I16
    rounds: int


class PricedDemand:
    """The people of a run before priced openings. Prices are in the order of the positions, points from 0 to HIGHEST."""

    def __init__(self, run: PreparedMarket, pool: ThreadPoolExecutor) -> None:
        crowd, order = run.crowd(undeclared(run.people))
        self.market, self.people = run.market, len(order)
        self.waves = DeferredAcceptance(run.market, crowd, run.state(self.people), pool, run.threads, self.people)
        self.openings = self.waves.state.openings
        self.everybody = np.arange(self.people, dtype=np.int32)
        self._utility, self._priority, self._seat = (
            np.empty(self.people, np.int16),
            np.empty(self.people, np.int16),
            np.empty(self.people, np.int8),
        )

    def gains(self, price: I16) -> tuple[I16, I64]:
        """What each person has above the price at best, -1 if nothing is worth its price; how many want each vacancy."""
        self.waves.market = priced(self.market, np.where(self.openings > 0, price, HIGHEST).astype(np.int16))
        self.waves.look(self.everybody)
        held = self.waves.state.held
        held[:] = self.waves.position[: self.people]
        read_places(
            self.waves.market,
            self.waves.crowd,
            self.waves.state,
            self.waves.scratches[0],
            self._utility,
            self._priority,
            self._seat,
        )
        return self._utility, np.bincount(self.market.vacancy[held[held >= 0]], minlength=len(self.openings))

    def bound(self, price: I16, gains: I16) -> int:
        return int(self.openings @ price.astype(np.int64)) + int(np.maximum(gains, 0).sum(dtype=np.int64))

    def clearing_level(self) -> int:
        """One price for all at which about as many people want an opening as there are: where the search begins."""
        gains, _ = self.gains(np.zeros(len(self.openings), np.int16))
        places = int(self.openings.sum())
        return max(0, int(np.partition(gains, -places - 1)[-places - 1])) if places < self.people else 0


def priced(market: VacancyArrays, price: I16) -> VacancyArrays:
    """The same market, everything worth as many points less as it costs; where no vacancy lies, nothing is wanted."""
    lanes, width = market.lanes, len(market.vacancy)
    points = np.where(market.vacancy >= 0, price[market.vacancy], HIGHEST) * 32
    occupation = (lanes.worth_occupation.reshape(-1, width) - points).astype(np.int16)
    lanes = lanes._replace(worth_occupation=occupation.reshape(-1))
    return market._replace(lanes=lanes, bounds=market.bounds._replace(worth=most_worth(lanes, market.numbers.blocks)))


def dual_upper_bound(run: PreparedMarket, tell: Tell = lambda text: None) -> DualBound:
    """The lowest bound that the search finds, a few thousandths above the greatest sum."""
    if not len(run.people) or not run.vacancies:
        return DualBound(0, np.zeros(len(run.vacancies), np.int16), 0)
    with ThreadPoolExecutor(run.threads) as pool:
        bound, price, rounds = _search(PricedDemand(run, pool), tell)
    in_file = np.empty_like(price)
    in_file[run.rows] = price
    return DualBound(bound, in_file, rounds)


def bound_at(run: PreparedMarket, price: I16) -> int:
    """The bound that any prices give, points of an opening of each vacancy in file order."""
    with ThreadPoolExecutor(run.threads) as pool:
        demand, placed = PricedDemand(run, pool), price[run.rows]
        return demand.bound(placed, demand.gains(placed)[0])


def _search(demand: PricedDemand, tell: Tell) -> tuple[int, I16, int]:
    """The lowest bound, the prices that give it, and after how many rounds."""
    price = np.full(len(demand.openings), demand.clearing_level(), np.float64)
    best, step, before = price.astype(np.int16), np.full(len(price), FIRST), np.zeros(len(price))
    lowest: list[int] = []
    while len(lowest) < ROUNDS_MOST and not _settled(lowest):
        whole = np.rint(price).astype(np.int16)
        gains, wanted = demand.gains(whole)
        bound = demand.bound(whole, gains)
        best = best if lowest and lowest[-1] <= bound else whole
        lowest.append(min([bound, *lowest[-1:]]))
        tell(f"Pricing openings: round {len(lowest)}, no assignment passes {lowest[-1]:,} points")
        excess = np.clip((wanted - demand.openings) / np.maximum(demand.openings, 1), DOWN, UP)
        step = _stepped(step, excess * before)
        price, before = np.clip(price + step * excess, 0, HIGHEST), excess
    return lowest[-1], best, len(lowest)


def _settled(lowest: list[int]) -> bool:
    return len(lowest) > WAIT and lowest[-1 - WAIT] - lowest[-1] <= lowest[-1 - WAIT] * GAIN_LEAST


def _stepped(step: Numbers, turned: Numbers) -> Numbers:
    """Shorter where what was wanting is now too much, or the other way round."""
    factor: Numbers = np.select([turned < 0, turned > 0], [SHORTER, LONGER], 1.0)
    return np.clip(step * factor, LEAST, MOST)
