"""Couples (夫妻同往) as rows of numbers: what each declares in a pass, and what it does after one. As rules/couples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from services.matching.kernel.array_types import I16, I32
from services.matching.kernel.encodings import Classes
from services.matching.kernel.people_arrays import DeclaredColumns
from services.matching.rules.columns import People
from services.matching.rules.facts import TOGETHER

NOWHERE = -1


@dataclass(frozen=True)
class CityChoice:
    """Where a couple stands: on its own wishes (`city` -1), set on one city, or out of the market."""

    city: int = NOWHERE
    struck: tuple[int, ...] = ()
    final: bool = False
    out: bool = False


@dataclass
class Couples:
    """The couples of a run by the file rows of both, shape (couples, 2), and where each stands."""

    rows: I32
    only: list[bool]
    shared: I16
    choices: list[CityChoice] = field(default_factory=list)

    @classmethod
    def of(cls, people: People, classes: Classes) -> Couples:
        """Who shares: the partners that name each other, if they wish to be together."""
        one = np.flatnonzero((people.partner > np.arange(len(people))) & (people.together >= 0)).astype(np.int32)
        other = people.partner[one]
        rows = np.stack([one, other], axis=1)
        own = classes.group_points + people.burden
        shared = people.shared.copy()
        shared[one], shared[other] = np.maximum(0, own[other] - own[one]), np.maximum(0, own[one] - own[other])
        return cls(
            rows, [TOGETHER[kind] == "only" for kind in people.together[one]], shared, [CityChoice()] * len(rows)
        )

    def __bool__(self) -> bool:
        return bool(len(self.rows))

    def declare(self) -> DeclaredColumns:
        """Added points, the chosen city of those who have chosen, and who has left."""
        city, out = np.full(len(self.shared), NOWHERE, np.int16), np.zeros(len(self.shared), bool)
        for (one, other), choice in zip(self.rows.tolist(), self.choices, strict=True):
            city[one] = city[other] = choice.city
            out[one] = out[other] = choice.out
        return DeclaredColumns(self.shared, city, out)

    def review(self, cities: I16, bests: Callable[[I32], I16]) -> bool:
        """Every couple's next choice by the cities of the places (-1: none) and the last cutoffs; whether any changed."""
        choosing = [at for at in range(len(self.rows)) if self._chooses(at, cities)]
        one, other = (
            (bests(np.ascontiguousarray(self.rows[choosing, side])) for side in (0, 1)) if choosing else ((), ())
        )
        joint = {
            at: np.where((a >= 0) & (b >= 0), a.astype(np.int32) + b, NOWHERE)
            for at, a, b in zip(choosing, one, other, strict=True)
        }
        after = [self._next(at, cities, joint.get(at)) for at in range(len(self.rows))]
        moved = after != self.choices
        self.before, self.choices = self.choices, after
        return moved

    def _settled(self, at: int, choice: CityChoice, cities: I16) -> bool:
        return choice.out or choice.final or (choice.city != NOWHERE and bool((cities[self.rows[at]] >= 0).all()))

    def _chooses(self, at: int, cities: I16) -> bool:
        choice = self.choices[at]
        return not self._settled(at, choice, cities) and (choice.city == NOWHERE or self.only[at])

    def _next(self, at: int, cities: I16, joint: I32 | None) -> CityChoice:
        choice = self.choices[at]
        if self._settled(at, choice, cities):
            return choice
        if joint is None:
            return CityChoice(final=True)
        struck = (*choice.struck, choice.city) if choice.city != NOWHERE else choice.struck
        joint[list(struck)] = NOWHERE
        city = int(np.argmax(joint)) if len(joint) else NOWHERE
        if len(joint) and joint[city] > NOWHERE:
            return CityChoice(city=city, struck=struck)
        return CityChoice(struck=struck, out=True) if self.only[at] else CityChoice(final=True)

    def unsettled(self, cities: I16) -> dict[int, str]:
        """Row -> case, for whom the passes did not suffice, by the choices that the last pass was played with."""
        cases: dict[int, str] = {}
        for at, (rows, choice) in enumerate(zip(self.rows, self.before, strict=True)):
            if self._settled(at, choice, cities):
                continue
            apart = "only_apart" if (cities[rows] >= 0).any() else "only_unplaced"
            cases.update(dict.fromkeys(rows.tolist(), apart if self.only[at] else "preferred_apart"))
        return cases
