"""How many people an assignment leaves who, with a vacancy, would rather have each other (阻碍对): for assignments that are no result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.matching.rules.columns import People
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights
from services.matching.verify import pairs, tables
from services.matching.verify.judging import Tell, blocking, chosen, holders_of
from services.matching.verify.pairs import I64


@dataclass(frozen=True)
class Complaints:
    """People in at least one blocking pair, and all blocking pairs."""

    people: int
    pairs: int


def complaints(
    people: People,
    vacancies: Sequence[Vacancy],
    weights: Weights,
    seed: bytes,
    held: I64,
    tell: Tell = lambda text: None,
) -> Complaints:
    """`held`: the row of each person's vacancy, -1 for none. Couples are two people; vacancies seat whom they hold as section 5 says."""
    if not len(people) or not vacancies:
        return Complaints(0, 0)
    cities, none = sorted({vacancy.city for vacancy in vacancies}), np.full(len(people), -1)
    alone = replace(people, partner=none.astype(np.int32), together=none.astype(np.int8))
    folk = tables.folk_of(alone, vacancies, cities, weights, seed, held)
    jobs, formula = (
        tables.jobs_of(vacancies, cities, weights, seed),
        tables.formula_of(people, vacancies, cities, weights),
    )
    feasible, utility, priority = np.zeros(len(people), np.uint8), none.astype(np.int64), none.astype(np.int64)
    pairs.score(folk, jobs, formula, np.empty(len(cities), np.int64), feasible, utility, priority)
    key = priority << 53 | folk.draw >> 5
    for v, (vacancy, holders) in enumerate(zip(vacancies, holders_of(held, key, len(vacancies)), strict=True)):
        _, jobs.cutoff[v] = chosen(vacancy, holders, weights.reserve_groups, folk.seats, key)
    found = blocking(folk, jobs, formula, utility, tell)
    return Complaints(found.people, found.pairs)
