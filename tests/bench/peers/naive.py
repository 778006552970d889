"""What one would write first: a numpy row for each person, whole lists, heaps in Python. It shares no code with the kernel."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights
from services.matching.verify import tables
from services.matching.verify.pairs import Folk, Formula, Jobs
from tests.bench.measure import Instance

Rows = npt.NDArray[Any]


def naive_numpy(instance: Instance) -> Rows:
    """Deferred acceptance on whole lists; the vacancy of each person, -1 for none."""
    people, vacancies, weights, seed = instance
    cities = sorted({vacancy.city for vacancy in vacancies})
    folk = tables.folk_of(people, vacancies, cities, weights, seed, np.full(len(people), -1, np.int64))
    jobs, formula = (
        tables.jobs_of(vacancies, cities, weights, seed),
        tables.formula_of(people, vacancies, cities, weights),
    )
    lists = [_row(i, folk, jobs, formula) for i in range(len(people))]
    seats = [_Seats(vacancy, weights) for vacancy in vacancies]
    held, asked, free = np.full(len(people), -1, np.int64), [0] * len(people), list(range(len(people)))
    while free:
        i = free.pop()
        rows, keys = lists[i]
        if asked[i] == len(rows):
            continue
        v, key = int(rows[asked[i]]), int(keys[asked[i]])
        asked[i] += 1
        held[i] = v
        loser = seats[v].apply(key, i, int(folk.seats[i]), folk.seats)
        if loser >= 0:
            held[loser] = -1
            free.append(loser)
    return held


def _row(i: int, folk: Folk, jobs: Jobs, formula: Formula) -> tuple[Rows, Rows]:
    """A person's whole list and the keys there, by one numpy expression for each rule and each part of the scores."""
    where = places_of(i, folk, formula)
    good = (
        (where[jobs.city] >= 0)
        & (jobs.wage >= folk.wage_reserve[i])
        & (jobs.starts_by >= folk.available_from[i])
        & (jobs.education_min <= folk.education[i])
    )
    good &= (
        (jobs.age_min <= folk.age[i])
        & (jobs.age_max >= folk.age[i])
        & ~(jobs.asked & folk.lack[:, i][:, None]).any(axis=0)
    )
    numerator, denominator, half, _, extra, step, cap = formula.single.tolist()
    ramp = np.clip(jobs.wage // 10 - folk.wage_expected[i] // 10 + half, 0, 2 * half) * numerator // denominator
    offers = (jobs.offers * np.where(folk.needs[:, i] == 1, formula.needed, extra)[:, None]).sum(axis=0)
    utility = ramp + formula.worth[folk.occupation[i]][jobs.trade] + offers + where[jobs.city]
    above = np.minimum(cap, np.maximum(0, folk.education[i] - jobs.education_min) * step)
    priority = (
        folk.own_points[i]
        + formula.claim[folk.occupation[i]][jobs.trade]
        + folk.experience[i] * jobs.experience_points
        + above
    )
    priority += formula.agreement[folk.county[i]][jobs.city]
    spread = (folk.draw[i] + jobs.draw) & 31
    rows = np.flatnonzero(good)
    rows = rows[np.lexsort((jobs.rank[rows], -spread[rows], -utility[rows]))]
    return rows, priority[rows] << 53 | folk.draw[i] >> 5


def places_of(i: int, folk: Folk, formula: Formula) -> Rows:
    near = formula.closeness[folk.county[i]]
    goes = np.full(len(near), folk.anywhere[i] == 0) | (
        (folk.anywhere[i] == 1) & (formula.city_province == folk.province[i])
    )
    where = np.where(goes, near, -1)
    named = folk.destination_cities[folk.destinations[i] : folk.destinations[i + 1]].tolist()
    for rank, city in enumerate(named):
        if city >= 0 and city not in named[:rank]:
            where[city] = near[city] + (formula.destination[rank] if rank < len(formula.destination) else 0)
    if folk.relatives[i] >= 0 and where[folk.relatives[i]] >= 0:
        where[folk.relatives[i]] += formula.single[3]
    for city in folk.refused_cities[folk.refused[i] : folk.refused[i + 1]].tolist():
        if city >= 0:
            where[city] = -1
    return where


class _Seats:
    """A vacancy: a heap for each reserved type and one for open seats."""

    def __init__(self, vacancy: Vacancy, weights: Weights) -> None:
        self.openings, self.count = vacancy.openings, 0
        self.quota = [vacancy.reserved.get(group, 0) for group in weights.reserve_groups]
        self.heaps: list[list[tuple[int, int]]] = [[] for _ in range(len(self.quota) + 1)]

    def apply(self, key: int, person: int, mask: int, masks: Rows) -> int:
        """Whoever holds nothing here afterwards, -1: nobody."""
        for t, quota in enumerate(self.quota):
            if quota and mask >> t & 1:
                if len(self.heaps[t]) < quota:
                    heapq.heappush(self.heaps[t], (key, person))
                    if self.count < self.openings:
                        self.count += 1
                        return -1
                    return heapq.heappop(self.heaps[-1])[1]
                key, person = heapq.heappushpop(self.heaps[t], (key, person))
                mask = int(masks[person])
        if self.count < self.openings:
            heapq.heappush(self.heaps[-1], (key, person))
            self.count += 1
            return -1
        return heapq.heappushpop(self.heaps[-1], (key, person))[1]
