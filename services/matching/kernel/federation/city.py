"""The city's side of a pass: who sits on its vacancies, by the number that a pseudonym got here when it first came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I32, I64, LOTTERY_BITS, NEVER
from services.matching.kernel.federation.messages import Cards, Rises, nobody
from services.matching.kernel.passes import PreparedMarket, prepare
from services.matching.kernel.people_arrays import draw, undeclared
from services.matching.kernel.seat_heaps import propose
from services.matching.reference.deferred_acceptance import LotteryTied
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights

OPEN_BIT = np.int64(1)


class CardTally(NamedTuple):
    """What a message of cards did: how many were not or no longer held, how many of these had been held before the message,
    and how many of those were another county's."""

    refused: int = 0
    displaced: int = 0
    displaced_across: int = 0


class CitySide:
    """The vacancies that one node offers in a pass, in the order of their ids; refused applicants are forgotten, they stay refused."""

    def __init__(self, vacancies: Sequence[Vacancy], weights: Weights, seed: bytes) -> None:
        people = nobody(weights)
        self.run: PreparedMarket = prepare(people, vacancies, weights, seed, threads=1)
        self.seed = seed
        self.crowd, _ = self.run.crowd(undeclared(people))
        # A heap has room for every opening, however many people will come.
        self.state = self.run.state(max(1, sum(vacancy.openings for vacancy in vacancies)))._replace(
            held=np.zeros(0, np.int32)
        )
        self.market, self.published = self.run.market, self.state.cutoff.copy()
        self.position = np.flatnonzero(self.market.vacancy >= 0)
        self._laid = np.argsort(self.run.rows).astype(np.int32)
        self.names: list[bytes] = []
        self._numbers: dict[int, int] = {}
        self._counties: dict[str, int] = {}
        self._county = np.zeros(0, np.int16)
        self._touched = np.zeros(self.market.numbers.blocks, np.uint8)

    @property
    def idle(self) -> bool:
        """Whether every cutoff that rose is published."""
        return bool(np.array_equal(self.state.cutoff, self.published))

    def hold(self, county: str, cards: Cards) -> CardTally:
        """Seats whom the vacancies choose; cards that it holds already, or has refused, are passed over."""
        lots = draw(cards.person, self.seed) >> np.uint64(64 - LOTTERY_BITS)
        who = self._numbered(county, cards.person.listed(), lots.tolist())
        self.crowd.mask[who] = cards.groups | OPEN_BIT << len(self.run.weights.reserve_groups)
        keys = cards.priority.astype(np.int64) << LOTTERY_BITS | lots.astype(np.int64)
        vacancy = self._laid[cards.vacancy]
        position = self.position[vacancy].astype(np.int32)
        again = self.state.held[who] == position
        new = self._free(who) & self._admitted(vacancy, keys, self.crowd.mask[who])
        passed_over = len(who) - int(np.count_nonzero(again | new))
        lost = self._seated(who[new], position[new], keys[new])
        displaced = lost[~np.isin(lost, who)]
        across = np.count_nonzero(self._county[displaced] != self._counties[county])
        return CardTally(passed_over + len(lost), len(displaced), int(across))

    def close(self, row: int) -> CardTally:
        """A vacancy that was withdrawn (撤岗): its cutoffs become infinite, whoever sat there is refused.

        The result is the one of the market without it: proposals only add, wherever they were before.
        """
        vacancy, types = int(self._laid[row]), self.state.cutoff.shape[1]
        sitting = np.flatnonzero(self.state.held == self.position[vacancy])
        self.state.held[sitting] = -1
        heaps = slice(vacancy * types, (vacancy + 1) * types)
        self.state.size[heaps], self.state.quota[heaps] = 0, 0
        self.state.openings[vacancy], self.state.seated[vacancy], self.state.cutoff[vacancy] = 0, 0, NEVER
        return CardTally(len(sitting), len(sitting))

    def _free(self, who: I32) -> npt.NDArray[np.bool_]:
        """Who sits nowhere here, and is named for the first time: one proposal stands at a time."""
        first = np.zeros(len(who), bool)
        first[np.unique(who, return_index=True)[1]] = True
        return np.asarray(first & (self.state.held[who] < 0))

    def _seated(self, who: I32, position: I32, keys: I64) -> I32:
        """Lets them apply; whoever holds nothing any more."""
        lost = np.empty(len(who), np.int32)
        count, _ = propose(
            self.market,
            self.crowd,
            self.state,
            who,
            len(who),
            position,
            keys,
            0,
            self.market.numbers.blocks,
            self._touched,
            lost,
        )
        return lost[:count]

    def _numbered(self, county: str, names: list[bytes], lots: list[int]) -> I32:
        """Numbers of pseudonyms, new ones for those that come first; raises LotteryTied if two have the same lot."""
        own = self._counties.setdefault(county, len(self._counties))
        who = np.empty(len(names), np.int32)
        for at, (name, lot) in enumerate(zip(names, lots, strict=True)):
            number = self._numbers.setdefault(lot, len(self.names))
            if number == len(self.names):
                self.names.append(name)
            elif self.names[number] != name:
                raise LotteryTied(f"{self.names[number].decode()} and {name.decode()} drew the same lot")
            who[at] = number
        self._make_room(own)
        return who

    def _make_room(self, county: int) -> None:
        """Columns grow by doubling; whoever is new is of this county."""
        known, room = len(self._county), len(self.state.held)
        if len(self.names) > room:
            more = max(len(self.names), 2 * room) - room
            self.state = self.state._replace(held=np.concatenate([self.state.held, np.full(more, -1, np.int32)]))
            self.crowd = self.crowd._replace(mask=np.concatenate([self.crowd.mask, np.zeros(more, np.int64)]))
        self._county = np.concatenate([self._county, np.full(len(self.names) - known, county, np.int16)])

    def _admitted(self, vacancy: I32, keys: I64, mask: I64) -> npt.NDArray[np.bool_]:
        types = np.arange(self.state.cutoff.shape[1])
        reached = (keys[:, None] >= self.state.cutoff[vacancy]) & (mask[:, None] >> types & 1 == 1)
        return np.asarray(reached.any(axis=1))

    def publish(self) -> Rises:
        """The cutoffs that rose since the last time, as they are now."""
        vacancy, seat = np.nonzero(self.state.cutoff > self.published)
        self.published = self.state.cutoff.copy()
        return Rises(self.run.rows[vacancy], seat.astype(np.int8), self.published[vacancy, seat])

    @property
    def placed(self) -> int:
        """How many sit."""
        return int(self.state.seated.sum())

    def cutoffs(self) -> I64:
        """The cutoffs, shape (vacancies, seat types), by row of the vacancies."""
        known = np.empty_like(self.state.cutoff)
        known[self.run.rows] = self.state.cutoff
        return known

    def sitters(self) -> list[list[tuple[str, int]]]:
        """Who sits at each vacancy, by its row, as (pseudonym, seat type)."""
        types = self.state.cutoff.shape[1]
        seated: list[list[tuple[str, int]]] = [[] for _ in self.run.vacancies]
        for heap in np.flatnonzero(self.state.size).tolist():
            start, size = int(self.state.start[heap]), int(self.state.size[heap])
            here = seated[int(self.run.rows[heap // types])]
            here += [
                (self.names[person].decode(), heap % types)
                for person in self.state.person[start : start + size].tolist()
            ]
        return seated
