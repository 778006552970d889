"""The county's side of a pass: its people, where their proposals stand, and the cutoffs heard of every vacancy."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import FEW, I8, I16, I32, I64, LOTTERY_BITS, scratch_for
from services.matching.kernel.best_vacancy_search import scan
from services.matching.kernel.cutoff_merge import fallen, merge
from services.matching.kernel.federation.messages import Cards, Offers, Rises
from services.matching.kernel.passes import PreparedMarket, prepare
from services.matching.kernel.people_arrays import undeclared
from services.matching.kernel.scoring import city_bests, read_places
from services.matching.rules.columns import People
from services.matching.rules.weights import Weights


class PlaceColumns(NamedTuple):
    """Where a county's people stand, by row: row of the vacancy, seat type (in the order of the groups, then open), utility,
    priority; all -1 without a place."""

    vacancy: I32
    seat: I8
    utility: I16
    priority: I16


class CountySide:
    """`people` have the facts declared in the pass, `offers` are all vacancies of it, whoever offers them."""

    def __init__(self, people: People, offers: Offers, weights: Weights, seed: bytes) -> None:
        self.run: PreparedMarket = prepare(people, offers.vacancies, weights, seed, threads=1)
        self.offers, self.seed = offers, seed
        self.crowd, self.order = self.run.crowd(undeclared(people))
        self.state, self.market = self.run.state(0), self.run.market
        self.position = np.flatnonzero(self.market.vacancy >= 0)
        self.cities = sorted({vacancy.city for vacancy in offers.vacancies})
        # Which vacancy of the layout a row of the offers is.
        self._laid = np.argsort(self.run.rows).astype(np.int32)
        self.standing, self.keys = np.full(len(people), -1, np.int32), np.zeros(len(people), np.int64)
        self._scratch, self._touched = scratch_for(self.market), np.zeros(self.market.numbers.blocks, np.uint8)
        self._out, self._later = np.arange(len(people), dtype=np.int32), np.zeros((len(people), FEW), np.int32)
        self._begun, self._news = False, len(people) > 0

    @property
    def idle(self) -> bool:
        """Whether everybody has looked at the cutoffs that are known here."""
        return not self._news

    def hear(self, node: str, rises: Rises) -> None:
        """Merges a node's cutoffs; nobody moves before `look`."""
        vacancy = self._laid[self.offers.first_of(node) + rises.vacancy]
        rose = merge(self.state, self.position, vacancy, rises.seat, rises.key, self._touched)
        self._news = self._news or (rose > 0 and self._begun)

    def look(self) -> dict[str, Cards]:
        """The best vacancy for everybody who fell, or has not asked yet, as cards for each node."""
        who = self._waiting()
        position, keys = np.empty(len(who), np.int32), np.empty(len(who), np.int64)
        again = len(who) if self._begun else 0
        scan(self.market, self.crowd, self.state, self._scratch, who, 0, len(who), position, keys, self._later, again)
        self.standing[who], self.keys[who] = position, keys
        self._begun, self._news = True, False
        return self.offers.dealt(self._cards(who[position >= 0]))

    def _waiting(self) -> I32:
        if not self._begun:
            return self._out.copy()
        return self._out[: fallen(self.market, self.crowd, self.state, self.standing, self.keys, self._out)].copy()

    def _cards(self, who: I32) -> Cards:
        row = self.run.rows[self.market.vacancy[self.standing[who]]]
        groups = self.crowd.mask[who] & ~np.int64(1 << len(self.run.weights.reserve_groups))
        priority = (self.keys[who] >> LOTTERY_BITS).astype(np.int16)
        return Cards(self.run.people.person.taken(self.order[who]), row, priority, groups)

    def places(self) -> PlaceColumns:
        """Everybody's place; a result once the pass is over. The seat type is read off the cutoffs."""
        count = len(self.order)
        utility, priority, seat = np.empty(count, np.int16), np.empty(count, np.int16), np.empty(count, np.int8)
        sitting = self.state._replace(held=self.standing)
        read_places(self.market, self.crowd, sitting, self._scratch, utility, priority, seat)
        rows = np.append(self.run.rows, np.int32(-1))
        vacancy = np.where(self.standing >= 0, rows[self.market.vacancy[self.standing]], -1).astype(np.int32)
        return PlaceColumns(self._by_row(vacancy), self._by_row(seat), self._by_row(utility), self._by_row(priority))

    def _by_row(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        spread = np.empty_like(column)
        spread[self.order] = column
        return spread

    def cutoffs(self) -> I64:
        """The cutoffs known here, shape (vacancies, seat types), by row of the vacancies."""
        known = np.empty_like(self.state.cutoff)
        known[self.run.rows] = self.state.cutoff
        return known

    def adopt(self, cutoffs: I64) -> None:
        """Merges cutoffs of everybody's vacancies at once, in the shape of `cutoffs()`."""
        told = cutoffs[self.run.rows]
        vacancy, seat = np.nonzero(told > self.state.cutoff)
        merge(
            self.state,
            self.position,
            vacancy.astype(np.int32),
            seat.astype(np.int8),
            told[vacancy, seat],
            self._touched,
        )

    def other(self, people: People) -> CountySide:
        """The same market for the same or other people, before anybody has asked."""
        return CountySide(people, self.offers, self.run.weights, self.seed)

    def judged_by(self, cutoffs: I64) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Rows of people whose place is not the best to which other cutoffs (shape as `cutoffs()`) admit them, and rows of
        vacancies whose cutoffs no pass could bring about, being lower than before anybody asked."""
        other = self.other(self.run.people)
        other.adopt(cutoffs)
        other.look()
        mine, due = np.stack(self.places()), np.stack(other.places())
        return np.flatnonzero((mine != due).any(axis=0)), np.flatnonzero((other.cutoffs() != cutoffs).any(axis=1))

    def bests(self, people: People) -> I16:
        """Utility of the best vacancy that the cutoffs known here leave open to other people of the county, in each of
        `cities`; -1: none. Shape (people, cities)."""
        asking = self.other(people)
        asking.adopt(self.cutoffs())
        found = np.full((len(people), len(self.cities)), -1, np.int16)
        city_bests(asking.market, asking.crowd, asking.state, asking._scratch, asking._out, found)
        return np.asarray(asking._by_row(found))
