"""Who has sent and handled how much on which channel, and when that proves a pass to be over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from services.matching.kernel.federation.city import CitySide
from services.matching.kernel.federation.county import CountySide
from services.matching.rules.columns import People
from services.matching.rules.facts import Vacancy

Side: TypeAlias = CountySide | CitySide


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


def is_over(sides: Mapping[str, Side], counts: Mapping[str, Counts]) -> bool:
    """Whether nobody will ever move again in this pass: all idle, and sent equals handled on every channel."""
    return all(side.idle for side in sides.values()) and all(
        sent == counts[to].handled.get(name, 0) for name, own in counts.items() for to, sent in own.sent.items()
    )


def split(
    people: People, county: npt.NDArray[np.integer], names: Sequence[str]
) -> dict[str, tuple[npt.NDArray[np.int64], People]]:
    """Rows and people of each county; `county[i]` is the number in `names` of the county that keeps person i."""
    rows = {name: np.flatnonzero(county == at) for at, name in enumerate(names)}
    return {name: (own, people.taken(own)) for name, own in rows.items()}


def by_city(vacancies: Iterable[Vacancy]) -> dict[str, list[Vacancy]]:
    """Each city's vacancies, in the order of the list."""
    cities: dict[str, list[Vacancy]] = {}
    for vacancy in vacancies:
        cities.setdefault(vacancy.city, []).append(vacancy)
    return dict(sorted(cities.items()))
