"""The fast kernel is the plain one: the same places, seats, scores, cutoffs, passes and residue in every market."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching import files
from services.matching.reference.passes import run
from services.matching.rules.choice import admitted
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import hash_of
from services.matching.rules.scores import feasible, option
from services.matching.rules.weights import Weights
from tests.unit.matching import rich
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import (
    A_PERSON,
    A_VACANCY,
    SEED,
    people,
    published_weights,
    sample,
    vacancies,
    with_couples,
)

WEIGHTS = published_weights()
many = settings(max_examples=80, deadline=None)


@pytest.mark.parametrize("name", ["tiny", "small"])
def test_the_samples_have_their_published_hash_cutoffs_and_places(name: str) -> None:
    market = sample(name)
    found = fast(market.people, market.vacancies, market.weights, market.seed)
    assert hash_of(found.places.values()) == market.expected["hash"]
    assert found.cutoffs == market.expected["cutoffs"]
    assert sorted(found.places.values(), key=lambda place: place.person) == files.read_places(
        market.folder / "expected.parquet"
    )


def assert_as_plain(persons: dict[str, Person], jobs: dict[str, Vacancy], weights: Weights = WEIGHTS) -> None:
    found, plain = fast(persons, jobs, weights, SEED), run(persons, jobs, weights, SEED)
    assert found.places == dict(plain.places)
    assert found.cutoffs == plain.matching.cutoffs
    assert found.outcome.passes == plain.number
    assert found.residue == dict(plain.residue)


@many
@given(rich.people(), rich.vacancies())
def test_every_rule_and_every_point_is_the_plain_one(persons: dict[str, Person], jobs: dict[str, Vacancy]) -> None:
    assert_as_plain(persons, jobs)


@many
@given(people(), vacancies(), st.lists(st.sampled_from(("only", "preferred")), max_size=7))
def test_couples_choose_as_the_plain_ones(
    persons: dict[str, Person], jobs: dict[str, Vacancy], wishes: list[str]
) -> None:
    names = sorted(persons)
    couples = [(names[2 * at], names[2 * at + 1], wish) for at, wish in enumerate(wishes) if 2 * at + 1 < len(names)]
    assert_as_plain(with_couples(persons, couples), jobs)


@many
@given(people(), vacancies(), st.randoms(use_true_random=False), st.integers(1, 3), st.integers(1, 9))
def test_rows_threads_and_batches_change_nothing(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random, threads: int, batch: int
) -> None:
    shuffled = {name: persons[name] for name in random.sample(sorted(persons), len(persons))}
    turned = {name: jobs[name] for name in random.sample(sorted(jobs), len(jobs))}
    first, second = (
        fast(persons, jobs, WEIGHTS, SEED),
        fast(shuffled, turned, WEIGHTS, SEED, threads=threads, batch=batch),
    )
    assert (first.places, first.cutoffs) == (second.places, second.cutoffs)


@settings(max_examples=40, deadline=None)
@given(people(most=5), vacancies(most=3))
def test_nobody_is_better_off_in_any_other_stable_matching(
    persons: dict[str, Person], jobs: dict[str, Vacancy]
) -> None:
    """Against brute force: every assignment of people to vacancies, judged by the definition of stability."""
    found = fast(persons, jobs, WEIGHTS, SEED).places
    wishes = {
        name: {None: (1, 0, "")}
        | {job.vacancy: option(person, job, WEIGHTS, SEED).rank for job in jobs.values() if feasible(person, job)}
        for name, person in persons.items()
    }
    assert _is_stable({name: place.vacancy for name, place in found.items()}, wishes, persons, jobs)
    for choice in product(*(wishes[name] for name in persons)):
        other = dict(zip(persons, choice, strict=True))
        if _is_stable(other, wishes, persons, jobs):
            assert all(wishes[name][found[name].vacancy] <= wishes[name][other[name]] for name in persons)


def _is_stable(held: dict[str, str | None], wishes: dict, persons: dict[str, Person], jobs: dict[str, Vacancy]) -> bool:  # type: ignore[type-arg]
    """Each vacancy holds exactly whom it would choose among all who hold it or would rather hold it."""
    from services.matching.rules.choice import Applicant, choose

    for job in jobs.values():
        wanting = [
            name
            for name in persons
            if job.vacancy in wishes[name] and wishes[name][job.vacancy] <= wishes[name][held[name]]
        ]
        applicants = [
            Applicant(name, option(persons[name], job, WEIGHTS, SEED).key, persons[name].groups) for name in wanting
        ]
        seats, _ = choose(job, applicants, WEIGHTS.reserve_groups)
        if set(seats) != {name for name, vacancy in held.items() if vacancy == job.vacancy}:
            return False
    return True


def _crowd(count: int, **changes: object) -> dict[str, Person]:
    return {f"p{at}": replace(A_PERSON, person=f"p{at}", **changes) for at in range(count)}  # type: ignore[arg-type]


def _offer(count: int, **changes: object) -> dict[str, Vacancy]:
    return {f"v{at}": replace(A_VACANCY, vacancy=f"v{at}", **changes) for at in range(count)}  # type: ignore[arg-type]


@pytest.mark.parametrize("openings", [0, 1, 3, 1_000_000])
def test_identical_wishes_and_equal_scores(openings: int) -> None:
    assert_as_plain(_crowd(60), _offer(70, openings=openings))


def test_everything_reserved_and_nobody_comes() -> None:
    jobs = _offer(3, openings=2, reserved={"disabled": 2})
    assert_as_plain(_crowd(5), jobs)
    assert_as_plain(_crowd(5, groups=frozenset({"disabled", "zero_employment"})), jobs)


def test_nobody_and_nothing() -> None:
    assert_as_plain({}, _offer(2, openings=0))
    assert_as_plain(_crowd(2), {})
    assert_as_plain({}, {})


@pytest.mark.parametrize(("numerator", "denominator"), [(45, 32), (7, 5), (1, 3), (0, 1)])
def test_ramps_that_sixteen_bits_do_not_hold(numerator: int, denominator: int) -> None:
    weights = replace(WEIGHTS, numerator=numerator, denominator=denominator)
    jobs = {
        f"v{at}": replace(A_VACANCY, vacancy=f"v{at}", wage=wage)
        for at, wage in enumerate((0, 2_990, 3_017, 4_000, 900_000))
    }
    hopes = {
        f"p{at}": replace(A_PERSON, person=f"p{at}", wage_expected=hope, wage_reserve=0)
        for at, hope in enumerate((0, 2_999, 3_000, 700_000, 2_000_000_000))
    }
    assert_as_plain(hopes, jobs, weights)


def test_hundreds_of_wages_cities_and_days() -> None:
    random = Random(5)
    persons, jobs = rich.crowd(random, 300), rich.offer(random, 150)
    assert_as_plain(persons, jobs)
    found = fast(persons, jobs, WEIGHTS, SEED)
    placed = [place for place in found.places.values() if place.vacancy]
    assert len(placed) > 30
    assert all(
        admitted(
            option(persons[place.person], jobs[place.vacancy], WEIGHTS, SEED).key,
            persons[place.person].groups,
            found.cutoffs[place.vacancy],
        )
        for place in placed
        if place.vacancy
    )
