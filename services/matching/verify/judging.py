"""A result judged: rows, rules, scores, seats, and at last every pair that might rather have each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import numpy as np

from services.matching.rules.columns import Claimed, People
from services.matching.rules.facts import Vacancy
from services.matching.rules.weights import Weights
from services.matching.verify import pairs, tables
from services.matching.verify.pairs import I64, Folk, Formula, Jobs

CHUNK = 4_096
Tell = Callable[[str], None]
Fault = tuple[str, str]


@dataclass(frozen=True)
class Verdict:
    """`kind` and `violation` name the first thing wrong, or are empty; `blocking_pairs` is None where seats were wrong already."""

    kind: str
    violation: str
    placed: int
    blocking_pairs: int | None = None

    @property
    def stable(self) -> bool:
        return not self.kind


def verify(
    people: People,
    vacancies: Sequence[Vacancy],
    weights: Weights,
    seed: bytes,
    claimed: Claimed,
    residue: frozenset[int] = frozenset(),
    tell: Tell = lambda text: None,
) -> Verdict:
    """Whether a result is stable on the declared facts; `residue`: rows of couples that the run itself reported as unsettled."""
    placed = int(np.count_nonzero(claimed.vacancy >= 0))
    for kind, violation in _faults_of_rows(people, claimed):
        return Verdict(kind, violation, placed)
    if not len(people) or not vacancies:
        return Verdict("", "", placed, 0)
    tell("Verifying: reading the facts")
    scored = _score(people, vacancies, weights, seed, claimed, residue)
    wrong_places = _faults_of_places(people, vacancies, claimed, scored)
    for kind, violation in chain(wrong_places, _faults_of_seats(people, vacancies, weights, scored)):
        return Verdict(kind, violation, placed)
    found = blocking(scored.folk, scored.jobs, scored.formula, scored.utility, tell)
    if found.pairs:
        person, vacancy = people.person[found.first[0]], vacancies[found.first[1]].vacancy
        return Verdict("blocking_pair", f"{person} and {vacancy} would rather have each other", placed, found.pairs)
    return Verdict("", "", placed, 0)


@dataclass(frozen=True)
class _Scored:
    """The facts as tables, and by person the claimed place with whether the rules allow it, its utility and priority; -1: none."""

    folk: Folk
    jobs: Jobs
    formula: Formula
    held: I64
    seat: I64
    feasible: pairs.U8
    utility: I64
    priority: I64


def _score(
    people: People,
    vacancies: Sequence[Vacancy],
    weights: Weights,
    seed: bytes,
    claimed: Claimed,
    residue: frozenset[int],
) -> _Scored:
    held, seat = _by_person(people, claimed.person, claimed.vacancy), _by_person(people, claimed.person, claimed.seat)
    cities, nothing = sorted({vacancy.city for vacancy in vacancies}), np.full(len(people), -1, np.int64)
    folk = tables.folk_of(people, vacancies, cities, weights, seed, held)
    folk.skip[list(residue)] = 1
    jobs = tables.jobs_of(vacancies, cities, weights, seed)
    formula = tables.formula_of(people, vacancies, cities, weights)
    scored = _Scored(folk, jobs, formula, held, seat, np.zeros(len(people), np.uint8), nothing.copy(), nothing.copy())
    room = np.empty(len(cities), np.int64)
    pairs.score(folk, jobs, formula, room, scored.feasible, scored.utility, scored.priority)
    return scored


def _by_person(people: People, rows: I64, values: I64) -> I64:
    spread = np.full(len(people), -1, np.int64)
    spread[rows] = values
    return spread


def _faults_of_rows(people: People, claimed: Claimed) -> Iterator[Fault]:
    """Everybody exactly once, known names, and nothing half filled in."""
    for row in np.flatnonzero(claimed.person < 0)[:1]:
        yield "person_unknown", f"row {row + 1}: a person who is not in the people file"
    times = np.bincount(claimed.person[claimed.person >= 0], minlength=len(people))
    for person in np.flatnonzero(times != 1)[:1]:
        yield "person_count", f"{people.person[int(person)]} has {times[person]} rows and not one"
    for row in np.flatnonzero(claimed.vacancy == -2)[:1]:
        yield "vacancy_unknown", f"row {row + 1}: a vacancy that is not in the vacancies file"
    for row in np.flatnonzero(claimed.seat == -2)[:1]:
        yield "seat_unknown", f"row {row + 1}: a seat that is neither open nor of a reserve group"
    empty = claimed.vacancy < 0
    for row in np.flatnonzero(
        (empty != (claimed.seat < 0)) | (empty != (claimed.utility < 0)) | (empty != (claimed.priority < 0))
    )[:1]:
        yield "half_filled", f"row {row + 1}: vacancy, seat, utility and priority must be there together or not at all"


def _faults_of_places(
    people: People, vacancies: Sequence[Vacancy], claimed: Claimed, scored: _Scored
) -> Iterator[Fault]:
    held = scored.held
    for i in np.flatnonzero((held >= 0) & (scored.feasible == 0))[:1]:
        yield "rule", f"{people.person[int(i)]} holds {vacancies[held[i]].vacancy}, which a hard rule forbids"
    scores = (("utility", claimed.utility, scored.utility), ("priority", claimed.priority, scored.priority))
    for name, said, due in scores:
        for row in np.flatnonzero(said != due[claimed.person])[:1]:
            i = int(claimed.person[row])
            yield name, f"{people.person[i]} at {vacancies[held[i]].vacancy}: {name} {said[row]}, should be {due[i]}"


def _faults_of_seats(
    people: People, vacancies: Sequence[Vacancy], weights: Weights, scored: _Scored
) -> Iterator[Fault]:
    """Seats as the vacancy would give them to those it holds; fills in its cutoffs on the way."""
    folk, seat, key = scored.folk, scored.seat, scored.priority << 53 | scored.folk.draw >> 5
    holders = holders_of(folk.held, key, len(vacancies))
    for v, vacancy in enumerate(vacancies):
        if len(holders[v]) > vacancy.openings:
            yield "openings", f"{vacancy.vacancy} holds {len(holders[v])} people on {vacancy.openings} openings"
            return
        due, scored.jobs.cutoff[v] = chosen(vacancy, holders[v], weights.reserve_groups, folk.seats, key)
        for i in holders[v]:
            if seat[i] != due[i]:
                yield (
                    "seat",
                    f"{people.person[i]} sits at {vacancy.vacancy} on seat type {_seat(seat[i], weights)}, should be {_seat(due[i], weights)}",
                )
                return


def holders_of(held: I64, key: I64, vacancies: int) -> list[list[int]]:
    """Whom each vacancy holds, the highest keys first."""
    holders: list[list[int]] = [[] for _ in range(vacancies)]
    for i in np.lexsort((-key, held)).tolist():
        if held[i] >= 0:
            holders[held[i]].append(i)
    return holders


def _seat(number: int, weights: Weights) -> str:
    return (*weights.reserve_groups, "open")[number]


def chosen(
    vacancy: Vacancy, holders: list[int], groups: Sequence[str], seats: I64, key: I64
) -> tuple[dict[int, int], list[int]]:
    """Seat type of each holder (the highest keys come first) and the cutoff of each type. Source: matching v1, section 5."""
    due: dict[int, int] = {}
    cutoffs = []
    for t, group in enumerate(groups):
        quota = vacancy.reserved.get(group, 0)
        taken = [i for i in holders if i not in due and seats[i] >> t & 1][:quota]
        due.update(dict.fromkeys(taken, t))
        cutoffs.append(tables.NEVER if not quota else int(key[taken[-1]]) if len(taken) == quota else 0)
    rest = [i for i in holders if i not in due]
    due.update(dict.fromkeys(rest, len(groups)))
    full = len(holders) == vacancy.openings
    return due, [*cutoffs, 0 if not full else int(key[rest[-1]]) if rest else tables.NEVER]


@dataclass(frozen=True)
class Blocking:
    """Pairs that would rather have each other, people in such a pair, and the first one as rows of person and vacancy."""

    pairs: int
    people: int
    first: tuple[int, int]


def blocking(folk: Folk, jobs: Jobs, formula: Formula, utility: I64, tell: Tell) -> Blocking:
    firsts = range(0, len(folk.age), CHUNK)

    def look(begin: int) -> Blocking:
        found, where = np.array([-1, -1, 0]), np.empty(len(formula.city_province), np.int64)
        count = pairs.blocking(begin, min(begin + CHUNK, len(folk.age)), folk, jobs, formula, where, utility, found)
        return Blocking(count, int(found[2]), (int(found[0]), int(found[1])))

    parts: list[Blocking] = []
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for begin, part in zip(firsts, pool.map(look, firsts), strict=True):
            tell(f"Verifying: {begin:,} of {len(folk.age):,} people compared with every vacancy")
            parts.append(part)
    first = next((part.first for part in parts if part.pairs), (-1, -1))
    return Blocking(sum(part.pairs for part in parts), sum(part.people for part in parts), first)
