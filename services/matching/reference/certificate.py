"""Checks that a result is stable: people with nothing but the cutoffs, vacancies with their own applicants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from services.matching.reference.county import CountyPass
from services.matching.rules.choice import Applicant, Cutoffs, choose
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.results import Place
from services.matching.rules.scores import option
from services.matching.rules.weights import Weights

CutoffTable = Mapping[str, Cutoffs]


def faults_of_people(
    people: Mapping[str, Person],
    vacancies: Mapping[str, Vacancy],
    places: Mapping[str, Place],
    table: CutoffTable,
    weights: Weights,
    seed: bytes,
) -> list[str]:
    """Pseudonyms whose place is not the best that the cutoffs admit them to; a county needs nobody else's data."""
    county = CountyPass(
        people, vacancies, weights, seed, cutoffs={name: dict(cutoffs) for name, cutoffs in table.items()}
    )
    county.propose(people)
    due = county.places()
    return [name for name in people if due[name] != places.get(name, Place(name))]


def faults_of_vacancies(
    people: Mapping[str, Person],
    vacancies: Mapping[str, Vacancy],
    places: Iterable[Place],
    table: CutoffTable,
    weights: Weights,
    seed: bytes,
) -> list[str]:
    """Vacancies that do not hold exactly those placed there, or whose cutoffs are not those of the people they hold."""
    holders: dict[str, list[Place]] = {name: [] for name in vacancies}
    for place in places:
        if place.vacancy is not None:
            holders[place.vacancy].append(place)
    return [
        name
        for name, vacancy in vacancies.items()
        if not _is_full_and_fair(
            vacancy,
            _applicants(vacancy, holders[name], people, weights, seed),
            holders[name],
            table[name],
            weights.reserve_groups,
        )
    ]


def _applicants(
    vacancy: Vacancy, places: Iterable[Place], people: Mapping[str, Person], weights: Weights, seed: bytes
) -> list[Applicant]:
    return [
        Applicant(place.person, option(people[place.person], vacancy, weights, seed).key, people[place.person].groups)
        for place in places
    ]


def _is_full_and_fair(
    vacancy: Vacancy,
    applicants: Sequence[Applicant],
    places: Iterable[Place],
    cutoffs: Cutoffs,
    reserve_groups: Sequence[str],
) -> bool:
    seats, due = choose(vacancy, applicants, reserve_groups)
    return seats == {place.person: place.seat for place in places} and due == dict(cutoffs)
