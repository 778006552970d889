"""The best few of either side are those of the plain rules, whom the last cutoffs admit first, in every market."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.files.columns import read_columns
from services.matching.kernel import Recommended, Recommender
from services.matching.rules.choice import Cutoffs, admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import feasible, option
from services.matching.rules.weights import Weights
from tests.unit.matching import rich
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import A_PERSON, A_VACANCY, SEED, published_weights

WEIGHTS = published_weights()
Told = list[tuple[str, bool, int]]


def recommender(
    persons: dict[str, Person], jobs: dict[str, Vacancy], cutoffs: dict[str, Cutoffs], weights: Weights = WEIGHTS
) -> Recommender:
    columns, _ = read_columns(files.write_people(persons.values()), weights)
    return Recommender(columns, list(jobs.values()), weights, SEED, cutoffs)


def is_realistic(person: Person, vacancy: str, key: int, cutoffs: dict[str, Cutoffs]) -> bool:
    return vacancy not in cutoffs or admitted(key, person.groups, cutoffs[vacancy])


def plain_vacancies(person: Person, jobs: dict[str, Vacancy], cutoffs: dict[str, Cutoffs], weights: Weights) -> Told:
    found = [option(person, job, weights, SEED) for job in jobs.values() if feasible(person, job)]
    told = sorted((not is_realistic(person, each.vacancy, each.key, cutoffs), each.rank, each.key) for each in found)
    return [(rank[2], not beyond, key) for beyond, rank, key in told]


def plain_people(persons: dict[str, Person], job: Vacancy, cutoffs: dict[str, Cutoffs], weights: Weights) -> Told:
    keys = {name: option(person, job, weights, SEED).key for name, person in persons.items() if feasible(person, job)}
    told = sorted(
        (not is_realistic(persons[name], job.vacancy, key, cutoffs), -key, name) for name, key in keys.items()
    )
    return [(name, not beyond, -key) for beyond, key, name in told]


def assert_as_plain(
    persons: dict[str, Person],
    jobs: dict[str, Vacancy],
    cutoffs: dict[str, Cutoffs],
    most: int = 20,
    weights: Weights = WEIGHTS,
) -> None:
    asked, people, vacancies = recommender(persons, jobs, cutoffs, weights), list(persons), list(jobs)
    for row, person in enumerate(persons.values()):
        assert told(asked.vacancies_for(row, most), vacancies) == plain_vacancies(person, jobs, cutoffs, weights)[:most]
    for row, job in enumerate(jobs.values()):
        assert told(asked.people_for(row, most), people) == plain_people(persons, job, cutoffs, weights)[:most]


def told(found: list[Recommended], names: list[str]) -> Told:
    return [(names[each.row], each.realistic, each.key) for each in found]


@settings(max_examples=80, deadline=None)
@given(rich.people(), rich.vacancies(), st.randoms(use_true_random=False), st.sampled_from((1, 3, 20)))
def test_both_ways_are_those_of_the_plain_rules(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, most: int
) -> None:
    known = {
        name: cutoffs for name, cutoffs in fast(persons, jobs, WEIGHTS, SEED).cutoffs.items() if random.random() < 0.7
    }
    assert_as_plain(persons, jobs, known, most)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_many_blocks_and_stretches(share: float) -> None:
    random = Random(7)
    persons, jobs = rich.crowd(random, 700), rich.offer(random, 260)
    cutoffs = {
        name: known for name, known in fast(persons, jobs, WEIGHTS, SEED).cutoffs.items() if random.random() < share
    }
    assert_as_plain(persons, jobs, cutoffs)


def test_agreements_count_for_one_county_and_not_for_the_other() -> None:
    weights = replace(WEIGHTS, agreements=frozenset({("433126", "440300")}))
    persons = {
        name: replace(A_PERSON, person=name, county=county) for name, county in (("p0", "433124"), ("p1", "433126"))
    }
    assert_as_plain(persons, {"v0": A_VACANCY}, {}, 1, weights)


@pytest.mark.parametrize(("numerator", "denominator"), [(7, 5), (1, 3)])
def test_ramps_that_sixteen_bits_do_not_hold(numerator: int, denominator: int) -> None:
    weights, random = replace(WEIGHTS, numerator=numerator, denominator=denominator), Random(3)
    assert_as_plain(rich.crowd(random, 20), rich.offer(random, 90), {}, 5, weights)


def test_nobody_and_nothing() -> None:
    assert recommender({}, {"v0": A_VACANCY}, {}).people_for(0) == []
    assert recommender({"p0": A_PERSON}, {}, {}).vacancies_for(0) == []
