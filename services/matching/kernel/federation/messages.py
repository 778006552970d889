"""What crosses between nodes in a pass, as columns: cards (求职卡) one way, cutoffs that rose the other way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I8, I16, I32, I64
from services.matching.rules.columns import People, TextColumn
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights


class Cards(NamedTuple):
    """Proposals of one county to one city: pseudonyms, numbers of vacancies, priorities, bits of the reserve groups."""

    person: TextColumn
    vacancy: I32
    priority: I16
    groups: I64

    def taken(self, rows: npt.NDArray[np.integer], first: int) -> Cards:
        """Some of them, with vacancies counted from `first`."""
        return Cards(
            self.person.taken(rows),
            (self.vacancy[rows] - first).astype(np.int32),
            self.priority[rows],
            self.groups[rows],
        )

    def portions(self, size: int) -> Iterator[Cards]:
        """All of them, so many at a time."""
        for start in range(0, len(self.vacancy), size):
            yield self.taken(np.arange(start, min(start + size, len(self.vacancy))), 0)


class Rises(NamedTuple):
    """Cutoffs of one city that rose: numbers of vacancies, seat types (in the order of the groups, then open), keys."""

    vacancy: I32
    seat: I8
    key: I64

    def portions(self, size: int) -> Iterator[Rises]:
        """All of them, so many at a time."""
        for start in range(0, len(self.vacancy), size):
            part = slice(start, start + size)
            yield Rises(self.vacancy[part], self.seat[part], self.key[part])


@dataclass(frozen=True)
class Offers:
    """All vacancies of a pass, node by node; those of `nodes[k]` are `vacancies[first[k]:first[k + 1]]`, in the order of their ids.

    To each other nodes name a vacancy by its place among those of the node that offers it.
    """

    nodes: tuple[str, ...]
    vacancies: list[Vacancy]
    first: list[int]

    @classmethod
    def of(cls, by_node: Mapping[str, Iterable[Vacancy]]) -> Offers:
        nodes = tuple(sorted(by_node))
        own = [sorted(by_node[node], key=lambda vacancy: vacancy.vacancy.encode()) for node in nodes]
        return cls(nodes, [vacancy for each in own for vacancy in each], [0, *accumulate(len(each) for each in own)])

    def first_of(self, node: str) -> int:
        """The row of a node's first vacancy."""
        return self.first[self.nodes.index(node)]

    def node_of(self, row: int) -> str:
        """Who offers the vacancy of a row."""
        return self.nodes[bisect_right(self.first, row) - 1]

    def own(self, node: str) -> list[Vacancy]:
        """What a node offers."""
        at = self.nodes.index(node)
        return self.vacancies[self.first[at] : self.first[at + 1]]

    def dealt(self, cards: Cards) -> dict[str, Cards]:
        """Cards whose vacancies are rows of all, as cards for each node; none where there are none."""
        node = np.searchsorted(np.array(self.first[1:]), cards.vacancy, side="right")
        return {self.nodes[k]: cards.taken(np.flatnonzero(node == k), self.first[k]) for k in np.unique(node).tolist()}


def nobody(weights: Weights) -> People:
    """No people, in the shapes of the columns: what a city prepares with."""
    return People.plain(TextColumn(np.zeros(0, np.uint8), np.zeros(1, np.int64)), weights)
