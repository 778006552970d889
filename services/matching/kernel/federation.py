"""A pass between nodes (联邦匹配): a county looks for its own people at the cutoffs it has heard, a city holds by its own seats.

Neither side sees the other's part: a county has its people and the published vacancies, a city its vacancies and the cards
(求职卡) that reached it. A refusal is no message: the county reads it off the cutoffs. Cutoffs merge by the greater and a
city passes over cards that it holds or has refused, so messages may come late, twice or in any order; they are counted
once by their numbers. A pass is over when every channel has handled what was sent and all are idle.
Source: docs/matching.md. Couples take part as singles here: their choice of a city belongs between passes, not into one.

A city's vacancies have numbers: their order in its own layout, which is also the order in every county's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from services.matching.kernel.crowd import draw, undeclared
from services.matching.kernel.listening import fallen, merge
from services.matching.kernel.passes import Run, prepare
from services.matching.kernel.rows import scan
from services.matching.kernel.seats import propose
from services.matching.kernel.shapes import BLOCK, I8, I16, I32, I64, LOTTERY_BITS, scratch_for
from services.matching.rules.columns import People, Texts
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights

# What an event would say besides its cards or cutoffs: run 16, pass 1, sender and receiver 3 each, number 4, how many 4.
EVENT_BYTES = 31


class Cards(NamedTuple):
    """Proposals of one county to one city: pseudonyms, numbers of vacancies, priorities, bits of the reserve groups."""

    person: Texts
    vacancy: I32
    priority: I16
    groups: I64

    @property
    def size(self) -> int:
        """Bytes: 4 a card (vacancy 2; 10 bits of priority and 6 of groups 2) and a pseudonym, one letter and hexadecimal
        digits as nodes draw them, as half a byte for each digit."""
        digits = np.diff(self.person.offsets) - 1
        return EVENT_BYTES + 4 * len(self.vacancy) + int(((digits + 1) // 2).sum())


class Rises(NamedTuple):
    """Cutoffs of one city that rose: numbers of vacancies, seat types (in the order of the groups, then open), keys."""

    vacancy: I32
    seat: I8
    key: I64

    @property
    def size(self) -> int:
        """Bytes: vacancy 2, seat type 1, key 8."""
        return EVENT_BYTES + 11 * len(self.vacancy)


@dataclass
class Counts:
    """What a node has sent on each channel and handled of it: distinct cards or cutoffs, whatever was delivered twice."""

    sent: dict[str, int] = field(default_factory=dict)
    handled: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)

    def send(self, to: str, count: int) -> int:
        """Counts what leaves, and numbers its message on the channel."""
        self.sent[to] = self.sent.get(to, 0) + count
        self.messages[to] = self.messages.get(to, 0) + 1
        return self.messages[to]

    def handle(self, sender: str, number: int, count: int) -> None:
        """Counts what has come, the first time that it comes."""
        if (sender, number) not in self.seen:
            self.seen.add((sender, number))
            self.handled[sender] = self.handled.get(sender, 0) + count


class CountySide:
    """The people of one county: where their proposals stand, and the cutoffs heard, of every vacancy."""

    def __init__(self, people: People, vacancies: Sequence[Vacancy], weights: Weights, seed: bytes) -> None:
        self.run: Run = prepare(people, vacancies, weights, seed, threads=1)
        self.crowd, self.order = self.run.crowd(undeclared(people))
        self.state = self.run.state(0)
        self.market, self.counts = self.run.market, Counts()
        self.cities = sorted({vacancy.city for vacancy in vacancies})
        self.position = np.flatnonzero(self.market.vacancy >= 0)
        self.first = np.searchsorted(self.market.block_city[self.position // BLOCK], np.arange(len(self.cities)))
        self.standing, self.keys = np.full(len(people), -1, np.int32), np.zeros(len(people), np.int64)
        self._scratch, self._touched = scratch_for(self.market), np.zeros(self.market.numbers.blocks, np.uint8)
        self._out = np.arange(len(people), dtype=np.int32)
        self._begun, self._news = False, len(people) > 0

    @property
    def idle(self) -> bool:
        """Whether everybody has looked at the cutoffs that are known here."""
        return not self._news

    def hear(self, city: str, rises: Rises) -> None:
        """Merges a city's cutoffs; nobody moves before `look`."""
        vacancy = (self.first[self.cities.index(city)] + rises.vacancy).astype(np.int32)
        rose = merge(self.state, self.position, vacancy, rises.seat, rises.key, self._touched)
        self._news = self._news or (rose > 0 and self._begun)

    def look(self) -> dict[str, Cards]:
        """The best vacancy for everybody who fell, or has not asked yet, as cards for each city."""
        who = self._waiting()
        position, keys = np.empty(len(who), np.int32), np.empty(len(who), np.int64)
        scan(self.market, self.crowd, self.state, self._scratch, who, 0, len(who), position, keys)
        self.standing[who], self.keys[who] = position, keys
        self._begun, self._news = True, False
        found = np.flatnonzero(position >= 0)
        city = self.market.block_city[position[found] // BLOCK]
        return {self.cities[c]: self._cards(int(c), who[found[city == c]]) for c in np.unique(city)}

    def _waiting(self) -> I32:
        if not self._begun:
            return self._out.copy()
        return self._out[: fallen(self.market, self.crowd, self.state, self.standing, self.keys, self._out)].copy()

    def _cards(self, city: int, who: I32) -> Cards:
        number = self.market.vacancy[self.standing[who]] - self.first[city]
        groups = self.crowd.mask[who] & ~np.int64(1 << len(self.run.weights.reserve_groups))
        priority = (self.keys[who] >> LOTTERY_BITS).astype(np.int16)
        return Cards(self.run.people.person.taken(self.order[who]), number.astype(np.int32), priority, groups)

    def places(self) -> I32:
        """Row of everybody's vacancy, -1: none, by row of the county's people; a result once the pass is over."""
        vacancy = np.full(len(self.order), -1, np.int32)
        vacancy[self.order] = np.where(self.standing >= 0, self.run.rows[self.market.vacancy[self.standing]], -1)
        return vacancy


class CitySide:
    """The vacancies of one city: who sits on them, by the number that a pseudonym got here when it first came."""

    def __init__(self, vacancies: Sequence[Vacancy], weights: Weights, seed: bytes, nobody: People) -> None:
        """`nobody`: no people, in the columns' shapes."""
        self.run, self.seed, self.counts = prepare(nobody, vacancies, weights, seed, threads=1), seed, Counts()
        self.crowd, _ = self.run.crowd(undeclared(nobody))
        # A heap has room for every opening, however many people will come.
        self.state = self.run.state(max(1, sum(vacancy.openings for vacancy in vacancies)))._replace(held=np.zeros(0, np.int32))
        self.market, self.published = self.run.market, self.state.cutoff.copy()
        self.position = np.flatnonzero(self.market.vacancy >= 0)
        self._numbers: dict[int, int] = {}
        self._touched = np.zeros(self.market.numbers.blocks, np.uint8)

    @property
    def idle(self) -> bool:
        """Whether every cutoff that rose is published."""
        return bool(np.array_equal(self.state.cutoff, self.published))

    def hold(self, cards: Cards) -> None:
        """Seats whom the vacancies choose; cards that it holds already, or has refused, are passed over."""
        lots = draw(cards.person, self.seed) >> np.uint64(64 - LOTTERY_BITS)
        who = self._numbered(lots)
        self.crowd.mask[who] = cards.groups | np.int64(1 << len(self.run.weights.reserve_groups))
        keys = cards.priority.astype(np.int64) << LOTTERY_BITS | lots.astype(np.int64)
        position = self.position[cards.vacancy].astype(np.int32)
        new = (self.state.held[who] != position) & self._admitted(cards.vacancy, keys, self.crowd.mask[who])
        who, keys, position = who[new], keys[new], position[new]
        lost = np.empty(len(who), np.int32)
        propose(self.market, self.crowd, self.state, who, len(who), position, keys, 0, self.market.numbers.blocks, self._touched, lost)

    def _numbered(self, lots: npt.NDArray[np.uint64]) -> I32:
        """Lots are different (the run is refused if two are not), so a lot stands for its pseudonym."""
        numbers = self._numbers
        who = np.array([numbers.setdefault(lot, len(numbers)) for lot in lots.tolist()], np.int32)
        if len(numbers) > len(self.state.held):
            more = max(len(numbers), 2 * len(self.state.held)) - len(self.state.held)
            self.state = self.state._replace(held=np.concatenate([self.state.held, np.full(more, -1, np.int32)]))
            self.crowd = self.crowd._replace(mask=np.concatenate([self.crowd.mask, np.zeros(more, np.int64)]))
        return who

    def _admitted(self, vacancy: I32, keys: I64, mask: I64) -> npt.NDArray[np.bool_]:
        types = np.arange(self.state.cutoff.shape[1])
        reached = (keys[:, None] >= self.state.cutoff[vacancy]) & (mask[:, None] >> types & 1 == 1)
        return np.asarray(reached.any(axis=1))

    def publish(self) -> Rises:
        """The cutoffs that rose since the last time, as they are now."""
        vacancy, seat = np.nonzero(self.state.cutoff > self.published)
        self.published = self.state.cutoff.copy()
        return Rises(vacancy.astype(np.int32), seat.astype(np.int8), self.published[vacancy, seat])


Side: TypeAlias = CountySide | CitySide


def is_over(counties: Mapping[str, CountySide], cities: Mapping[str, CitySide]) -> bool:
    """Whether nobody will ever move again in this pass: all idle, and sent equals handled on every channel, both ways."""
    idle = all(county.idle for county in counties.values()) and all(city.idle for city in cities.values())
    return idle and _even(counties, cities) and _even(cities, counties)


def _even(senders: Mapping[str, Side], receivers: Mapping[str, Side]) -> bool:
    return all(side.counts.sent.get(to, 0) == receivers[to].counts.handled.get(name, 0) for name, side in senders.items() for to in receivers)


def split(people: People, county: npt.NDArray[np.integer], names: Sequence[str]) -> dict[str, tuple[npt.NDArray[np.int64], People]]:
    """Rows and people of each county; `county[i]` is the number in `names` of the county that keeps person i."""
    rows = {name: np.flatnonzero(county == at) for at, name in enumerate(names)}
    return {name: (own, people.taken(own)) for name, own in rows.items()}


def by_city(vacancies: Iterable[Vacancy]) -> dict[str, list[Vacancy]]:
    """Each city's vacancies, in the order of the list."""
    cities: dict[str, list[Vacancy]] = {}
    for vacancy in vacancies:
        cities.setdefault(vacancy.city, []).append(vacancy)
    return dict(sorted(cities.items()))
