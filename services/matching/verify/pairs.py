"""Every pair of a person and a vacancy, plainly, one after the other: who would rather have whom.

One loop without any table of lists, blocks or bounds; numba only makes it fast enough for six thousand million pairs.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

I64: TypeAlias = npt.NDArray[np.int64]
U8: TypeAlias = npt.NDArray[np.uint8]

_ROOM = Path(__file__).parent
_CACHE = Path(os.environ.get("XIELI_CACHE") or _ROOM.parents[2] / ".cache").absolute()
numba.config.CACHE_DIR = str(
    _CACHE / "numba" / f"verify-{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]}"
)


class Jobs(NamedTuple):
    """The vacancies; `asked` has a row for each eight names that a person may not lack; `cutoff` a column for each seat type."""

    city: I64
    trade: I64
    age_min: I64
    age_max: I64
    education_min: I64
    wage: I64
    starts_by: I64
    experience_points: I64
    offers: U8
    asked: U8
    draw: I64
    rank: I64
    cutoff: I64


class Folk(NamedTuple):
    """The people; `where` has utility points of each of the cities, -1 where a person does not go: filled for each person."""

    county: I64
    age: I64
    education: I64
    occupation: I64
    experience: I64
    wage_expected: I64
    wage_reserve: I64
    available_from: I64
    needs: U8
    lack: U8
    own_points: I64
    seats: I64
    draw: I64
    anywhere: I64
    province: I64
    relatives: I64
    only_city: I64
    destinations: I64
    destination_cities: I64
    refused: I64
    refused_cities: I64
    held: I64
    skip: U8


class Formula(NamedTuple):
    """The weights as tables: by (county, city), (occupation, trade), offer, rank of destination."""

    closeness: I64
    agreement: I64
    city_province: I64
    worth: I64
    claim: I64
    needed: I64
    destination: I64
    # numerator, denominator, half steps, relatives, extra, education step, education cap
    single: I64


# Without numba's counting of references (`_nrt`): no array is made here, and counting them cost more than the comparing.
_OPTIONS: dict[str, bool] = {"nogil": True, "_nrt": False}


@numba.njit(forceinline=True, **_OPTIONS)
def cities_of(i: int, folk: Folk, formula: Formula, where: I64) -> None:
    """Points of the cities for a person by closeness, wishes and relatives; -1: a rule forbids the city."""
    for c in range(len(where)):
        goes = folk.anywhere[i] == 0 or (folk.anywhere[i] == 1 and formula.city_province[c] == folk.province[i])
        where[c] = formula.closeness[folk.county[i], c] if goes else -1
    first, last = folk.destinations[i], folk.destinations[i + 1]
    for at in range(first, last):
        c, again = folk.destination_cities[at], False
        for before in range(first, at):
            again = again or folk.destination_cities[before] == c
        if c >= 0 and not again:
            rank = at - first
            where[c] = formula.closeness[folk.county[i], c] + (
                formula.destination[rank] if rank < len(formula.destination) else 0
            )
    for c in range(len(where)):
        if where[c] >= 0 and c == folk.relatives[i]:
            where[c] += formula.single[3]
        if folk.only_city[i] >= 0 and c != folk.only_city[i]:
            where[c] = -1
    for at in range(folk.refused[i], folk.refused[i + 1]):
        if folk.refused_cities[at] >= 0:
            where[folk.refused_cities[at]] = -1


@numba.njit(forceinline=True, **_OPTIONS)
def allows(i: int, v: int, folk: Folk, jobs: Jobs) -> bool:
    """Every hard rule but that of the city."""
    if (
        folk.wage_reserve[i] > jobs.wage[v]
        or folk.available_from[i] > jobs.starts_by[v]
        or folk.education[i] < jobs.education_min[v]
    ):
        return False
    if folk.age[i] < jobs.age_min[v] or folk.age[i] > jobs.age_max[v]:
        return False
    for row in range(folk.lack.shape[0]):
        if folk.lack[row, i] & jobs.asked[row, v]:
            return False
    return True


@numba.njit(forceinline=True, **_OPTIONS)
def utility_of(i: int, v: int, city_points: int, folk: Folk, jobs: Jobs, formula: Formula) -> int:
    numerator, denominator, half = formula.single[0], formula.single[1], formula.single[2]
    step = min(2 * half, max(0, jobs.wage[v] // 10 - folk.wage_expected[i] // 10 + half))
    points = step * numerator // denominator + formula.worth[folk.occupation[i], jobs.trade[v]] + city_points
    for offer in range(jobs.offers.shape[0]):
        if jobs.offers[offer, v]:
            points += formula.needed[offer] if folk.needs[offer, i] else formula.single[4]
    return points


@numba.njit(forceinline=True, **_OPTIONS)
def priority_of(i: int, v: int, folk: Folk, jobs: Jobs, formula: Formula) -> int:
    above = max(0, folk.education[i] - jobs.education_min[v])
    return (
        folk.own_points[i]
        + formula.claim[folk.occupation[i], jobs.trade[v]]
        + min(10, folk.experience[i]) * jobs.experience_points[v]
        + min(formula.single[6], above * formula.single[5])
        + formula.agreement[folk.county[i], jobs.city[v]]
    )


@numba.njit(cache=True, **_OPTIONS)
def score(folk: Folk, jobs: Jobs, formula: Formula, where: I64, feasible: U8, utility: I64, priority: I64) -> None:
    """Scores of everybody's place, and whether the hard rules allow it."""
    for i in range(len(folk.age)):
        v = folk.held[i]
        if v >= 0:
            cities_of(i, folk, formula, where)
            feasible[i] = allows(i, v, folk, jobs) and where[jobs.city[v]] >= 0
            utility[i] = utility_of(i, v, max(0, where[jobs.city[v]]), folk, jobs, formula)
            priority[i] = priority_of(i, v, folk, jobs, formula)


@numba.njit(cache=True, **_OPTIONS)
def blocking(
    first: int, last: int, folk: Folk, jobs: Jobs, formula: Formula, where: I64, utility: I64, found: I64
) -> int:
    """How many pairs would rather have each other, among some people; in `found` the first of them and how many people are in one."""
    count, before = 0, 0
    for i in range(first, last):
        found[2] += count > before
        before = count
        if folk.skip[i]:
            continue
        cities_of(i, folk, formula, where)
        held = folk.held[i]
        for v in range(len(jobs.city)):
            points = where[jobs.city[v]]
            if points < 0 or v == held or not allows(i, v, folk, jobs):
                continue
            if held >= 0:
                worth = utility_of(i, v, points, folk, jobs, formula)
                spread, own = (folk.draw[i] + jobs.draw[v]) & 31, (folk.draw[i] + jobs.draw[held]) & 31
                if worth < utility[i] or (
                    worth == utility[i] and (spread < own or (spread == own and jobs.rank[v] > jobs.rank[held]))
                ):
                    continue
            key = priority_of(i, v, folk, jobs, formula) << 53 | (folk.draw[i] >> 5)
            for seat in range(jobs.cutoff.shape[1]):
                if folk.seats[i] >> seat & 1 and key >= jobs.cutoff[v, seat]:
                    if count == 0:
                        found[0], found[1] = i, v
                    count += 1
                    break
    found[2] += count > before
    return count
