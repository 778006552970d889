"""Recommendations (推荐): the people and vacancies of one node laid out in memory, asked from either side in microseconds.

Memory: crowd and market as everywhere in the kernel, no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from services.matching.kernel.array_types import (
    I16,
    I32,
    I64,
    LOTTERY_BITS,
    NEVER,
    PeopleArrays,
    VacancyArrays,
    scratch_for,
)
from services.matching.kernel.encodings import classes_of
from services.matching.kernel.people_arrays import build_people_arrays, draw, undeclared
from services.matching.kernel.top_k import ADMITTED, LONG, Found, Known, Stretches, best_people, best_vacancies
from services.matching.kernel.vacancy_arrays import lay_out, scales_of
from services.matching.rules.choice import Cutoffs
from services.matching.rules.columns import ListColumn, People
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights

MOST = 20
# Columns of a crowd that are lists: where each person's begins, and what lies there.
LISTS = ("destinations", "destination_cities", "refused", "refused_cities")


class Recommended(NamedTuple):
    """One of the best: file row, whether the last cutoffs admit (also where none is known), the person's key there."""

    row: int
    realistic: bool
    key: int

    @property
    def priority(self) -> int:
        return self.key >> LOTTERY_BITS


class Recommender:
    """Answers "what for this person" and "whom for this vacancy"; what it was laid out from never changes in it.

    `cutoffs`: of the last run, by vacancy; one that is not named there had none. One question at a time.
    """

    def __init__(
        self,
        people: People,
        vacancies: Sequence[Vacancy],
        weights: Weights,
        seed: bytes,
        cutoffs: Mapping[str, Cutoffs],
    ) -> None:
        classes = classes_of(people, weights)
        self.empty = not len(people) or not vacancies
        if self.empty:
            return
        scales = scales_of(vacancies)
        self.market, self.vacancy_rows = lay_out(vacancies, classes.kinds, scales, weights, seed)
        self.crowd, self.person_rows = _in_line(
            *build_people_arrays(
                people, draw(people.person, seed), classes, undeclared(people), self.market, scales, weights
            )
        )
        self.number = _numbers(self.person_rows)
        self.position = _positions(self.market, self.vacancy_rows)
        placed = [vacancies[row].vacancy for row in self.vacancy_rows]
        bars = np.zeros(len(classes.kinds.views) * self.market.numbers.blocks, np.int16)
        self.known = Known(_table(placed, cutoffs, weights), bars)
        self.stretches, self.scratch = _stretches(self.crowd), scratch_for(self.market)

    def rehearse(self) -> None:
        """Asks once both ways, so that the machine code is there before anybody waits for it."""
        if not self.empty:
            self.vacancies_for(0)
            self.people_for(0)

    def vacancies_for(self, row: int, most: int = MOST) -> list[Recommended]:
        """By the row of a person: the vacancies that the hard rules leave open, in the person's order (matching v1, section 3)."""
        if self.empty:
            return []
        found = _room(most)
        count = best_vacancies(self.number[row], self.market, self.crowd, self.known, self.scratch, found)
        return _read(found, count, self.vacancy_rows[self.market.vacancy[found.row[:count]]])

    def people_for(self, row: int, most: int = MOST) -> list[Recommended]:
        """By the row of a vacancy: the people whom the hard rules admit and who would go there, by key (section 4)."""
        if self.empty:
            return []
        found = _room(most)
        count = best_people(self.position[row], self.market, self.crowd, self.stretches, self.known, found)
        return _read(found, count, self.person_rows[found.row[:count]])


def _room(most: int) -> Found:
    return Found(np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.int64))


def _read(found: Found, count: int, rows: I32) -> list[Recommended]:
    realistic = found.order[:count] >= ADMITTED
    return [
        Recommended(*each) for each in zip(rows.tolist(), realistic.tolist(), found.key[:count].tolist(), strict=True)
    ]


def _numbers(person_rows: I32) -> I64:
    """Number in the crowd by file row."""
    number = np.empty(len(person_rows), np.int64)
    number[person_rows] = np.arange(len(person_rows))
    return number


def _positions(market: VacancyArrays, vacancy_rows: I32) -> I64:
    """Position by file row."""
    position = np.empty(len(vacancy_rows), np.int64)
    position[vacancy_rows] = np.flatnonzero(market.vacancy >= 0)
    return position


def _table(placed: Sequence[str], cutoffs: Mapping[str, Cutoffs], weights: Weights) -> I64:
    """Cutoffs as the machine code compares with them: a type that a vacancy has no seats of admits nobody."""
    rows = [
        [cutoffs[name].get(seat, NEVER) for seat in weights.seats] if name in cutoffs else [0] * len(weights.seats)
        for name in placed
    ]
    return np.array(rows, np.int64)


def _in_line(crowd: PeopleArrays, rows: I32) -> tuple[PeopleArrays, I32]:
    """By occupation, then experience, then claim: then a stretch says much about each of its people."""
    line = np.lexsort((-crowd.base, crowd.experience, crowd.occupation))
    parts: dict[str, Any] = {
        name: np.ascontiguousarray(column[..., line]) for name, column in crowd._asdict().items() if name not in LISTS
    }
    for begins, cities in zip(LISTS[::2], LISTS[1::2], strict=True):
        lists = ListColumn(getattr(crowd, begins), getattr(crowd, cities), ()).taken(line)
        parts |= {begins: lists.offsets, cities: lists.codes}
    return PeopleArrays(**parts), rows[line]


def _stretches(crowd: PeopleArrays) -> Stretches:
    begins = np.arange(0, len(crowd.lottery), LONG)

    def most(column: I16) -> I16:
        return np.maximum.reduceat(column, begins)

    first = np.minimum.reduceat(crowd.occupation, begins)
    return Stretches(
        most(crowd.base),
        most(crowd.schooling),
        most(crowd.experience),
        first,
        most(crowd.occupation),
        np.empty(len(begins), np.int16),
    )
