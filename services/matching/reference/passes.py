"""All passes of a run in one place: match, let couples and fellow villagers choose, match again, at most five times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.matching.reference.deferred_acceptance import Matching, match
from services.matching.rules.couples import PASSES_MOST, Outlook
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.joint_applicants import JointApplicants
from services.matching.rules.results import Place
from services.matching.rules.weights import Weights


@dataclass(frozen=True)
class ReferenceResult:
    """The last pass: the facts declared in it, its matching, everybody's place, and what remained unsettled."""

    number: int
    declared: Mapping[str, Person]
    matching: Matching
    places: Mapping[str, Place]
    residue: Mapping[str, str]


def run(
    people: Mapping[str, Person], vacancies: Mapping[str, Vacancy], weights: Weights, seed: bytes
) -> ReferenceResult:
    """Matches with couples and groups. Source: matching v1, section 6, and decision 0012."""
    company, cities = JointApplicants.of(people), {vacancy.city for vacancy in vacancies.values()}
    for number in range(1, PASSES_MOST + 1):
        declared = company.declare(cities, weights)
        matching = match(declared, vacancies, weights, seed)
        places = {name: matching.places.get(name, Place(name)) for name in people}
        after = company.review(places, vacancies, Outlook(vacancies, matching.cutoffs, weights, seed), weights)
        if after == company or number == PASSES_MOST:
            residue = {} if after == company else company.unsettled(places, vacancies)
            return ReferenceResult(number, declared, matching, places, residue)
        company = after
    raise AssertionError("a run has at least one pass")
