"""Whether a card bears out the priority that was declared for it: the same formula, on the documents."""

from __future__ import annotations

from datetime import date

from services.matching.rules.entry import age_on, group_of
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.introductions.records import Guest
from services.matching.rules.lists import ListedVacancy
from services.matching.rules.scores import priority
from services.matching.rules.weights import Weights


def person_of_card(card: Guest, shared: int, on: date, weights: Weights) -> Person:
    """The facts of an opened card that a priority is made of; wishes play no part in it.

    `shared` is what the county declared for a couple: the partner's card may go to another city or not be here yet.
    """
    none: frozenset[str] = frozenset()
    return Person(
        person=str(card.introduction),
        county=card.county,
        age=age_on(card.birth_date, on),
        education=card.education,
        occupation=group_of(card.occupation, weights),
        experience=card.experience,
        certificates=frozenset(card.certificates),
        restrictions=none,
        accommodations=none,
        wage_expected=0,
        wage_reserve=0,
        available_from=on,
        destinations=(),
        elsewhere="anywhere",
        refused=none,
        relatives_city=None,
        needs=none,
        groups=frozenset(card.groups),
        burden=card.burden,
        shared=shared or None,
    )


def vacancy_as_listed(listed: ListedVacancy, weights: Weights) -> Vacancy:
    """A vacancy of the supply list as facts."""
    return Vacancy(
        vacancy=str(listed.vacancy),
        city=listed.city,
        openings=listed.openings,
        reserved=dict(listed.reserved),
        occupation=group_of(listed.occupation, weights),
        age_min=listed.age_min,
        age_max=listed.age_max,
        education_min=listed.education_min,
        certificates=frozenset(listed.certificates),
        demands=frozenset(listed.demands),
        accommodations=frozenset(listed.accommodations),
        wage=listed.wage,
        starts_by=listed.starts_by,
        offers=frozenset(listed.offers),
        experience_points=listed.experience_points,
    )


def bears_out(declared: int, person: Person, vacancy: Vacancy, weights: Weights) -> bool:
    """Whether the recomputed priority equals the declared one."""
    return priority(person, vacancy, weights) == declared
