"""Fellow villagers (同村结伴) as rows of numbers: where each group gathers after a pass. As rules/fellows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I16
from services.matching.kernel.couples import NOWHERE
from services.matching.kernel.people_arrays import DeclaredColumns
from services.matching.rules.columns import People

Rows = npt.NDArray[np.int64]


class GroupCity(NamedTuple):
    """Where a group stands: on everybody's own wishes (`city` -1), set on one city, or back on its wishes for good."""

    city: int = NOWHERE
    final: bool = False


@dataclass
class Fellows:
    """The groups of a run by the file rows of their members, and where each stands."""

    groups: list[Rows]
    gatherings: list[GroupCity] = field(default_factory=list)
    # As the last pass was played.
    before: list[GroupCity] = field(default_factory=list)

    @classmethod
    def of(cls, people: People) -> Fellows:
        """Who names the same group, two or more; who is one of a couple follows the couple."""
        groups = [rows for rows in _groups(people) if len(rows) > 1]
        return cls(groups, [GroupCity()] * len(groups))

    def __bool__(self) -> bool:
        return bool(self.groups)

    def declare(self, declared: DeclaredColumns) -> DeclaredColumns:
        """The city of those who gather, beside what couples have declared."""
        for rows, gathering in zip(self.groups, self.gatherings, strict=True):
            declared.only_city[rows] = gathering.city
        return declared

    def review(self, cities: I16) -> bool:
        """Every group's next stand by the cities of the places (-1: none); whether any changed."""
        after = [_next(gathering, cities[rows]) for rows, gathering in zip(self.groups, self.gatherings, strict=True)]
        self.before, self.gatherings = self.gatherings, after
        return self.before != after

    def unsettled(self, cities: I16) -> dict[int, str]:
        """Row -> case, by the stands that the last pass was played with."""
        stands = zip(self.groups, self.before, strict=True)
        return {
            int(row): "fellows_apart"
            for rows, gathering in stands
            if not _is_settled(gathering, cities[rows])
            for row in rows
        }


def _groups(people: People) -> list[Rows]:
    if people.fellows is None:
        return []
    own = np.where((people.partner >= 0) & (people.together >= 0), -1, people.fellows.codes)
    rows = np.flatnonzero(own >= 0)
    rows = rows[np.argsort(own[rows], kind="stable")]
    return np.split(rows, np.flatnonzero(np.diff(own[rows])) + 1)


def _is_settled(gathering: GroupCity, cities: I16) -> bool:
    together = bool((cities == cities[0]).all())
    return gathering.final or (together and not (gathering.city != NOWHERE and cities[0] == NOWHERE))


def _next(gathering: GroupCity, cities: I16) -> GroupCity:
    if _is_settled(gathering, cities):
        return gathering
    if gathering.city != NOWHERE:
        return GroupCity(final=True)
    return GroupCity(city=int(np.bincount(cities[cities >= 0]).argmax()))
