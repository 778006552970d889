"""Why a person of a match on files holds a vacancy or does not (为什么), by the plain rules."""

from __future__ import annotations

from dataclasses import dataclass

from services.matching.kernel import Outcome
from services.matching.offline.certificate import cutoffs_of
from services.matching.offline.inputs import Facts
from services.matching.offline.refusals import InputRefused
from services.matching.rules.columns import person_at
from services.matching.rules.explain import Explanation, explain
from services.matching.rules.facts import Person


@dataclass(frozen=True)
class PairRows:
    """The rows of a person and of a vacancy in their files."""

    person: int
    vacancy: int


@dataclass(frozen=True)
class PairExplained:
    """`left_the_market`: the person's couple goes only together and found no city."""

    person: str
    vacancy: str
    left_the_market: bool
    explanation: Explanation


def find_pair(facts: Facts, person: str, vacancy: str) -> PairRows:
    """Raises InputRefused, before a result is written."""
    rows = {name: row for row, name in enumerate(facts.offered.names)}
    names = {name.decode(): row for row, name in enumerate(facts.people.person.listed())}
    if person not in names or vacancy not in rows:
        raise InputRefused(
            f"--explain: there is no {'person ' + person if person not in names else 'vacancy ' + vacancy}"
        )
    return PairRows(names[person], rows[vacancy])


def explain_pair(facts: Facts, outcome: Outcome, pair: PairRows) -> PairExplained:
    """On the facts that the person declared in the last pass."""
    vacancies, place = facts.offered.vacancies, outcome.vacancy[pair.person]
    vacancy, held = vacancies[pair.vacancy], vacancies[place].vacancy if place >= 0 else None
    person, cutoffs = _declared(facts, outcome, pair.person), cutoffs_of(vacancy, pair.vacancy, outcome)
    return PairExplained(
        facts.people.person[pair.person],
        vacancy.vacancy,
        bool(outcome.declared.out[pair.person]),
        explain(person, vacancy, cutoffs, held, facts.offered.weights, facts.seed),
    )


def _declared(facts: Facts, outcome: Outcome, row: int) -> Person:
    cities = sorted({vacancy.city for vacancy in facts.offered.vacancies})
    chosen = int(outcome.declared.only_city[row])
    others = [city for number, city in enumerate(cities) if number != chosen] if chosen >= 0 else []
    return person_at(facts.people, row, facts.offered.weights, int(outcome.declared.shared[row]), others)
