"""Exact flow and complaints: every allowed pair is written down, the sum is the greatest, and whoever complains has a reason."""

from __future__ import annotations

import importlib.util
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files, kernel
from services.matching.files.columns import read_columns
from services.matching.kernel import flow
from services.matching.kernel.flow import TooManyPairs, every_pair
from services.matching.kernel.people_arrays import undeclared
from services.matching.rules.choice import Applicant, admitted, choose
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import feasible, option, utility
from services.matching.verify import Complaints, complaints
from tests.unit.matching import rich
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import SEED, published_weights
from tests.unit.matching.test_prices import greatest_sum, prepared

WEIGHTS = published_weights()
many = settings(max_examples=60, deadline=None)
with_ortools = pytest.mark.skipif(
    importlib.util.find_spec("ortools") is None, reason="ortools is the extra `what-if`, not in the lock"
)


@many
@given(rich.people(), rich.vacancies())
def test_every_pair_that_the_rules_allow_is_written_down(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> None:
    run, folk, offered = prepared(persons, jobs), list(persons.values()), list(jobs.values())
    crowd, order = run.crowd(undeclared(run.people))
    person, vacancy, points = every_pair(run, crowd, len(order), lambda text: None)
    found = set(zip(order[person].tolist(), run.rows[vacancy].tolist(), points.tolist(), strict=True))
    assert found == {
        (i, v, utility(one, job, WEIGHTS))
        for i, one in enumerate(folk)
        for v, job in enumerate(offered)
        if feasible(one, job)
    }


def test_more_pairs_than_memory_has_room_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "PAIRS_MOST", 10)
    with pytest.raises(TooManyPairs, match="more than 10 pairs"):
        kernel.max_weight_assignment(prepared(rich.crowd(Random(3), 40), rich.offer(Random(3), 20)))


@with_ortools
@many
@given(rich.people(most=8), rich.vacancies(most=4))
def test_the_flow_is_the_greatest_sum(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> None:
    found, offered = kernel.max_weight_assignment(prepared(persons, jobs)), list(jobs.values())
    taken = [(one, offered[at]) for one, at in zip(persons.values(), found.vacancy.tolist(), strict=True) if at >= 0]
    assert all(feasible(*pair) for pair in taken)
    assert all([job for _, job in taken].count(each) <= each.openings for each in offered)
    assert found.points == sum(utility(*pair, WEIGHTS) for pair in taken) == greatest_sum(persons, jobs)


def complaining(persons: dict[str, Person], jobs: dict[str, Vacancy], held: list[int]) -> Complaints:
    columns, _ = read_columns(files.write_people(persons.values()), WEIGHTS)
    return complaints(columns, list(jobs.values()), WEIGHTS, SEED, np.array(held, np.int64))


@many
@given(rich.people(), rich.vacancies(), st.randoms(use_true_random=False))
def test_whoever_complains_has_a_reason(persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random) -> None:
    offered, left = list(jobs.values()), {name: job.openings for name, job in jobs.items()}
    held = {}
    for name, person in persons.items():
        open_to = [at for at, job in enumerate(offered) if feasible(person, job) and left[job.vacancy]]
        held[name] = random.choice([-1, *open_to])
        if held[name] >= 0:
            left[offered[held[name]].vacancy] -= 1
    reasons = {name: _reasons(name, persons, offered, held) for name in persons}
    found = complaining(persons, jobs, list(held.values()))
    assert (found.people, found.pairs) == (sum(count > 0 for count in reasons.values()), sum(reasons.values()))


def _reasons(name: str, persons: dict[str, Person], offered: list[Vacancy], held: dict[str, int]) -> int:
    """Vacancies that a person would rather have, and that would let him in at the cutoffs of those whom they hold."""
    person, own, count = persons[name], offered[held[name]] if held[name] >= 0 else None, 0
    for at, job in enumerate(offered):
        here = option(person, job, WEIGHTS, SEED)
        if job is own or not feasible(person, job) or (own and here.rank > option(person, own, WEIGHTS, SEED).rank):
            continue
        holders = [
            Applicant(one, option(persons[one], job, WEIGHTS, SEED).key, persons[one].groups)
            for one in persons
            if held[one] == at
        ]
        count += admitted(here.key, person.groups, choose(job, holders, WEIGHTS.reserve_groups)[1])
    return count


@many
@given(rich.people(), rich.vacancies())
def test_nobody_complains_of_the_stable_result(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> None:
    places = fast(persons, jobs, WEIGHTS, SEED).outcome.vacancy
    assert complaining(persons, jobs, places.tolist()) == Complaints(0, 0)
