"""Candidate lists of everybody by the verifier's formula (nothing of the kernel): what peers are handed for free."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from services.matching.verify import pairs, tables
from services.matching.verify.pairs import Folk, Formula, Jobs
from tests.bench.measure import Instance

Ints = npt.NDArray[np.int64]
OPTIONS: dict[str, bool] = {"nogil": True, "_nrt": False}


class Lists(NamedTuple):
    """Person i's list is rows[begin[i]:begin[i + 1]], the most wanted first; `order` is utility * 32 + spread."""

    begin: Ints
    rows: Ints
    order: Ints
    key: Ints


@numba.njit(**OPTIONS)
def _fill(
    first: int,
    last: int,
    folk: Folk,
    jobs: Jobs,
    formula: Formula,
    where: Ints,
    width: int,
    count: Ints,
    rows: Ints,
    order: Ints,
    key: Ints,
) -> None:
    """The best `width` of each, by insertion into a sorted row; plain, because nobody measures it."""
    for i in range(first, last):
        pairs.cities_of(i, folk, formula, where)
        begin, held = (i - first) * width, 0
        for v in range(len(jobs.city)):
            points = where[jobs.city[v]]
            if points < 0 or not pairs.allows(i, v, folk, jobs):
                continue
            worth = pairs.utility_of(i, v, points, folk, jobs, formula) * 32 + ((folk.draw[i] + jobs.draw[v]) & 31)
            if held == width and worth <= order[begin + held - 1]:
                continue
            at = held if held < width else width - 1
            while at > 0 and order[begin + at - 1] < worth:
                rows[begin + at], order[begin + at], key[begin + at] = (
                    rows[begin + at - 1],
                    order[begin + at - 1],
                    key[begin + at - 1],
                )
                at -= 1
            rows[begin + at], order[begin + at] = v, worth
            key[begin + at] = pairs.priority_of(i, v, folk, jobs, formula) << 53 | (folk.draw[i] >> 5)
            held = min(width, held + 1)
        count[i - first] = held


def top_lists(instance: Instance, width: int) -> Lists:
    people, vacancies, weights, seed = instance
    ordered = sorted(vacancies, key=lambda vacancy: vacancy.vacancy)
    number = {vacancy.vacancy: row for row, vacancy in enumerate(vacancies)}
    cities = sorted({vacancy.city for vacancy in vacancies})
    folk = tables.folk_of(people, ordered, cities, weights, seed, np.full(len(people), -1, np.int64))
    jobs, formula = tables.jobs_of(ordered, cities, weights, seed), tables.formula_of(people, ordered, cities, weights)
    back = np.array([number[vacancy.vacancy] for vacancy in ordered], np.int64)
    parts, chunk, width = [], max(1, 20_000_000 // max(1, width)), min(width, len(vacancies))
    for first in range(0, len(people), chunk):
        last = min(first + chunk, len(people))
        count = np.zeros(last - first, np.int64)
        full = [np.zeros((last - first) * width, np.int64) for _ in range(3)]
        _fill(first, last, folk, jobs, formula, np.empty(len(cities), np.int64), width, count, *full)
        kept = (np.arange(width)[None, :] < count[:, None]).reshape(-1)
        parts.append((count, *(column[kept] for column in full)))
    count, rows, order, key = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Lists(np.concatenate([[0], np.cumsum(count)]), back[rows], order, key)
