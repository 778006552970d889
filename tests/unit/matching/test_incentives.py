"""What the kernel owes to each person: more claim never hurts, a lie never pays, and more rivals never help."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.rules.facts import ELSEWHERE, Person, Vacancy
from services.matching.rules.scores import feasible, option
from tests.unit.matching.fast import fast
from tests.unit.matching.markets import CITIES, GROUPS, SEED, people, published_weights, vacancies

WEIGHTS = published_weights()
many = settings(max_examples=60, deadline=None)
crowded = people(most=16).filter(lambda persons: len(persons) > 2)
scarce = vacancies(most=4)
random_trials = st.randoms(use_true_random=False)
NOWHERE = (1, 0, "")


def worth(person: Person, vacancy: str | None, jobs: dict[str, Vacancy]) -> tuple[int, int, str]:
    """How much a person wants a place by his true wishes, the better the smaller; one that a hard rule forbids is worse than none."""
    if vacancy is None:
        return NOWHERE
    return option(person, jobs[vacancy], WEIGHTS, SEED).rank if feasible(person, jobs[vacancy]) else (2, 0, vacancy)


def held_by(name: str, persons: dict[str, Person], jobs: dict[str, Vacancy]) -> str | None:
    return fast(persons, jobs, WEIGHTS, SEED).places[name].vacancy


@many
@given(crowded, scarce, random_trials)
def test_more_priority_never_hurts(persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random) -> None:
    name = random.choice(sorted(persons))
    person = persons[name]
    stronger = replace(
        person,
        burden=person.burden + random.randrange(1, 60),
        groups=person.groups | set(random.sample(GROUPS, random.randrange(3))),
    )
    before, after = held_by(name, persons, jobs), held_by(name, {**persons, name: stronger}, jobs)
    assert worth(person, after, jobs) <= worth(person, before, jobs)


def better(name: str, persons: dict[str, Person], jobs: dict[str, Vacancy], held: str | None) -> list[Vacancy]:
    """What a person may take and would rather have than his place."""
    truth = worth(persons[name], held, jobs)
    return [job for job in jobs.values() if worth(persons[name], job.vacancy, jobs) < truth]


def told(person: Person, wanted: Vacancy, random: Random) -> Person:
    """Other wishes than the true ones: anything, or nothing but the city that is wanted. What a vacancy judges by stays."""
    if random.random() < 0.5:
        return replace(person, destinations=(wanted.city,), elsewhere="none")
    return replace(
        person,
        destinations=tuple(random.sample(CITIES, random.randrange(4))),
        elsewhere=random.choice(ELSEWHERE),
        refused=frozenset(random.sample(CITIES, random.choice((0, 0, 1, 2)))),
        relatives_city=random.choice((None, *CITIES)),
        wage_expected=random.choice((1500, 2500, 3000, 5000)),
        wage_reserve=random.choice((0, 2000, 3000)),
        needs=frozenset(random.sample(tuple(WEIGHTS.offers), random.randrange(4))),
    )


@many
@given(crowded, scarce, random_trials)
def test_nobody_gains_by_other_wishes_than_his_own(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random
) -> None:
    """Tried by people who do not have what they want most: nobody else could gain."""
    places = fast(persons, jobs, WEIGHTS, SEED).places
    wishing = {name: found for name in persons if (found := better(name, persons, jobs, places[name].vacancy))}
    for name in random.sample(sorted(wishing), min(3, len(wishing))):
        lie = {**persons, name: told(persons[name], random.choice(wishing[name]), random)}
        assert worth(persons[name], places[name].vacancy, jobs) <= worth(persons[name], held_by(name, lie, jobs), jobs)


@many
@given(crowded, scarce, random_trials)
def test_with_more_people_no_cutoff_falls_and_nobody_is_better_off(
    persons: dict[str, Person], jobs: dict[str, Vacancy], random: Random
) -> None:
    fewer = {name: persons[name] for name in random.sample(sorted(persons), random.randrange(1, len(persons)))}
    few, all_of_them = fast(fewer, jobs, WEIGHTS, SEED), fast(persons, jobs, WEIGHTS, SEED)
    assert all(
        all_of_them.cutoffs[job][seat] >= cutoff
        for job, cutoffs in few.cutoffs.items()
        for seat, cutoff in cutoffs.items()
    )
    assert all(
        worth(person, few.places[name].vacancy, jobs) <= worth(person, all_of_them.places[name].vacancy, jobs)
        for name, person in fewer.items()
    )
