"""Whether a card bears out the priority that was declared for it: the same formula, on the documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.matching.rules.entry import age_on, group_of
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.scores import priority
from services.matching.rules.weights import Weights


def person_of_card(card: Any, shared: int, on: date, weights: Weights) -> Person:
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


def vacancy_as_listed(row: Any, weights: Weights) -> Vacancy:
    """A vacancy of the supply list as facts."""
    return Vacancy(
        vacancy=str(row.vacancy),
        city=row.city,
        openings=row.openings,
        reserved=dict(row.reserved),
        occupation=group_of(row.occupation, weights),
        age_min=row.age_min,
        age_max=row.age_max,
        education_min=row.education_min,
        certificates=frozenset(row.certificates),
        demands=frozenset(row.demands),
        accommodations=frozenset(row.accommodations),
        wage=row.wage,
        starts_by=row.starts_by,
        offers=frozenset(row.offers),
        experience_points=row.experience_points,
    )


def bears_out(declared: int, person: Person, vacancy: Vacancy, weights: Weights) -> bool:
    """Whether the recomputed priority equals the declared one."""
    return priority(person, vacancy, weights) == declared
