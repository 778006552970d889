"""Couples (夫妻同往) over all passes: who is apart is said, who is not said to be is not, and no order of rows matters."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.matching.rules.couples import PASSES_MOST
from services.matching.rules.facts import Person, Vacancy
from tests.unit.matching.fast import Fast, fast
from tests.unit.matching.markets import A_PERSON, A_VACANCY, GROUPS, SEED, published_weights, with_couples

WEIGHTS = published_weights()
CITIES = ("370100", "430100", "430200", "440100", "440300", "500000", "510100")
Pairs = list[tuple[str, str, str]]


def town(random: Random, count: int) -> dict[str, Person]:
    """People who would go to nearly every city, in pairs that must squeeze into few openings."""
    return {
        name: replace(
            A_PERSON,
            person=name,
            burden=random.randrange(3),
            groups=frozenset(random.sample(GROUPS, random.choice((0, 0, 1)))),
            destinations=tuple(random.sample(CITIES, 3)),
            refused=frozenset(random.sample(CITIES, random.choice((0, 1)))),
            wage_expected=random.choice((2500, 3000)),
        )
        for name in (f"p{at}" for at in range(count))
    }


def tight(random: Random) -> dict[str, Vacancy]:
    return {
        f"v{at}": replace(
            A_VACANCY, vacancy=f"v{at}", city=city, openings=random.choice((1, 1, 2)), wage=random.choice((2500, 3000))
        )
        for at, city in enumerate(random.sample(CITIES, random.randrange(2, 8)))
    }


def married(random: Random, count: int) -> Pairs:
    return [(f"p{2 * at}", f"p{2 * at + 1}", random.choice(("only", "only", "preferred"))) for at in range(count)]


def city_of(name: str, found: Fast, jobs: dict[str, Vacancy]) -> str | None:
    vacancy = found.places[name].vacancy
    return jobs[vacancy].city if vacancy else None


def assert_honest(couples: Pairs, found: Fast, jobs: dict[str, Vacancy]) -> None:
    """Every couple that goes only together is so, or both are in the residue under the case that the places show."""
    for one, other, together in couples:
        cities, cases = (
            [city_of(name, found, jobs) for name in (one, other)],
            [found.residue.get(name) for name in (one, other)],
        )
        assert cases[0] == cases[1]
        if cases[0] is None:
            assert together == "preferred" or cities[0] == cities[1]
            continue
        assert found.outcome.passes == PASSES_MOST
        apart = cities[0] != cities[1] or cities[0] is None
        assert apart
        assert cases[0] == (
            "preferred_apart" if together == "preferred" else "only_apart" if any(cities) else "only_unplaced"
        )
    assert set(found.residue) <= {name for one, other, _ in couples for name in (one, other)}


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 7))
def test_nobody_is_apart_without_being_named(random: Random, count: int) -> None:
    couples = married(random, count)
    persons, jobs = with_couples(town(random, 2 * count + random.randrange(6)), couples), tight(random)
    found = fast(persons, jobs, WEIGHTS, SEED)
    event("some unsettled" if found.residue else "all settled")
    assert_honest(couples, found, jobs)


@pytest.mark.parametrize(("cities", "case"), [(3, None), (4, "only_apart"), (7, "only_apart")])
def test_a_couple_that_nothing_has_room_for_is_named_when_the_passes_are_over(cities: int, case: str | None) -> None:
    """Each city has one opening that either of them could have: they try one city a pass, and are out, or named."""
    jobs = {f"v{at}": replace(A_VACANCY, vacancy=f"v{at}", city=city) for at, city in enumerate(CITIES[:cities])}
    couples = [("p0", "p1", "only")]
    found = fast(
        with_couples({name: replace(A_PERSON, person=name) for name in ("p0", "p1")}, couples), jobs, WEIGHTS, SEED
    )
    assert found.residue == ({} if case is None else {"p0": case, "p1": case})
    assert sum(place.vacancy is not None for place in found.places.values()) == (0 if case is None else 1)
    assert_honest(couples, found, jobs)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6), st.integers(1, 3), st.integers(1, 9))
def test_couples_choose_the_same_in_any_order_of_rows_and_by_any_threads(
    random: Random, count: int, threads: int, batch: int
) -> None:
    persons, jobs = with_couples(town(random, 2 * count + 2), married(random, count)), tight(random)
    shuffled = {name: persons[name] for name in random.sample(sorted(persons), len(persons))}
    turned = {name: jobs[name] for name in random.sample(sorted(jobs), len(jobs))}
    first, second = (
        fast(persons, jobs, WEIGHTS, SEED),
        fast(shuffled, turned, WEIGHTS, SEED, threads=threads, batch=batch),
    )
    assert (first.places, first.cutoffs, first.residue, first.outcome.passes) == (
        second.places,
        second.cutoffs,
        second.residue,
        second.outcome.passes,
    )
