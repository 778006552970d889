"""Shadow prices bound every assignment, whatever they are; the search finds some that are hardly above the greatest sum."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files, kernel
from services.matching.files.columns import read_columns
from services.matching.kernel.prices import HIGHEST
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import feasible, utility
from tests.unit.matching import rich
from tests.unit.matching.markets import A_PERSON, A_VACANCY, SEED, people, published_weights, vacancies, with_couples

WEIGHTS = published_weights()
many = settings(max_examples=60, deadline=None)


def prepared(persons: dict[str, Person], jobs: dict[str, Vacancy], threads: int = 1) -> kernel.PreparedMarket:
    columns, _ = read_columns(files.write_people(persons.values()), WEIGHTS)
    return kernel.prepare(columns, list(jobs.values()), WEIGHTS, SEED, threads)


def greatest_sum(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> int:
    """By trying everything: each person in turn stays out or takes a vacancy with an opening left."""
    folk, offered = list(persons.values()), list(jobs.values())
    worth = [[utility(one, job, WEIGHTS) if feasible(one, job) else None for job in offered] for one in folk]

    @cache
    def most(at: int, left: tuple[int, ...]) -> int:
        if at == len(folk):
            return 0
        sums = [most(at + 1, left)]
        for number, points in enumerate(worth[at]):
            if points is not None and left[number]:
                sums.append(points + most(at + 1, (*left[:number], left[number] - 1, *left[number + 1 :])))
        return max(sums)

    return most(0, tuple(min(job.openings, len(folk)) for job in offered))


def reached(run: kernel.PreparedMarket) -> int:
    outcome = kernel.match(run)
    return int(outcome.utility[outcome.vacancy >= 0].sum())


@many
@given(rich.people(most=8), rich.vacancies(most=4), st.data())
def test_any_prices_bound_any_assignment(
    persons: dict[str, Person], jobs: dict[str, Vacancy], data: st.DataObject
) -> None:
    if not persons:
        return
    price = data.draw(st.lists(st.integers(0, HIGHEST), min_size=len(jobs), max_size=len(jobs)))
    assert kernel.bound_at(prepared(persons, jobs), np.array(price, np.int16)) >= greatest_sum(persons, jobs)


@many
@given(rich.people(most=8), rich.vacancies(most=4))
def test_what_the_search_finds_is_a_bound_and_its_prices_prove_it(
    persons: dict[str, Person], jobs: dict[str, Vacancy]
) -> None:
    run = prepared(persons, jobs)
    found, greatest = kernel.dual_upper_bound(run), greatest_sum(persons, jobs)
    assert found.bound >= greatest >= reached(run)
    assert not persons or found.bound == kernel.bound_at(run, found.price)


@many
@given(people(), vacancies(), st.lists(st.sampled_from(("only", "preferred")), max_size=7), st.integers(1, 3))
def test_no_result_with_couples_passes_it_and_threads_change_nothing(
    persons: dict[str, Person], jobs: dict[str, Vacancy], wishes: list[str], threads: int
) -> None:
    names = sorted(persons)
    couples = [(names[2 * at], names[2 * at + 1], wish) for at, wish in enumerate(wishes) if 2 * at + 1 < len(names)]
    run, other = (prepared(with_couples(persons, couples), jobs, count) for count in (1, threads))
    found, again = kernel.dual_upper_bound(run), kernel.dual_upper_bound(other)
    assert found.bound >= reached(run)
    assert (found.bound, found.price.tolist()) == (again.bound, again.price.tolist())


@given(st.lists(st.integers(0, 100), min_size=1, max_size=9), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_with_one_vacancy_the_bound_is_the_greatest_sum(hopes: list[int], openings: int) -> None:
    """Then the price of an opening is what the first who gets none would give for it."""
    persons = {
        f"p{at}": replace(A_PERSON, person=f"p{at}", wage_expected=2000 + 20 * hope) for at, hope in enumerate(hopes)
    }
    jobs = {"v0": replace(A_VACANCY, openings=openings)}
    assert kernel.dual_upper_bound(prepared(persons, jobs)).bound == greatest_sum(persons, jobs)


def test_over_many_markets_the_bounds_are_within_a_hundredth_of_the_greatest_sums() -> None:
    markets = [(rich.crowd(Random(seed), 8), rich.offer(Random(seed), 4)) for seed in range(60)]
    bounds = sum(kernel.dual_upper_bound(prepared(*market)).bound for market in markets)
    assert bounds <= 1.01 * sum(greatest_sum(*market) for market in markets)
