"""Who enters a run and with which facts: from the lists as they are kept here to the facts of matching v1, section 9."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from uuid import UUID

from libs.common.codes.occupations import occupation_group
from libs.common.events.registry import Wish
from services.matching.rules.facts import FELLOWS_LEAST, FELLOWS_MOST, OCCUPATION, Person, first_fault
from services.matching.rules.weights import BURDEN_MOST, Weights


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of this county's list who wishes to leave, by the registry's id."""

    person: UUID
    county: str
    birth_date: date
    education: int
    groups: frozenset[str]
    burden: int
    wish: Wish


def enter(
    candidates: Iterable[Candidate], pseudonyms: dict[UUID, str], cities: Sequence[str], as_of: date, weights: Weights
) -> tuple[dict[UUID, Person], dict[UUID, str]]:
    """The facts of everybody who enters, and why others are left out (a fact that the weights refuse)."""
    listed = {each.person: each for each in candidates}
    entering: dict[UUID, Person] = {}
    left_out: dict[UUID, str] = {}
    for person, candidate in listed.items():
        facts = facts_of(candidate, pseudonyms[person], cities, as_of, weights)
        fault = first_fault(facts, weights)
        if fault:
            left_out[person] = "{}: {}".format(*fault)
        else:
            entering[person] = facts
    return _grouped(_married(entering, listed), listed), left_out


def facts_of(candidate: Candidate, pseudonym: str, cities: Sequence[str], as_of: date, weights: Weights) -> Person:
    """A candidate's facts on the day of the run; partners and fellows are named later, when it is known who enters."""
    wish = candidate.wish
    expected = wish.wage_expected if wish.wage_expected is not None else wish.wage_minimum or 0
    return Person(
        person=pseudonym,
        county=candidate.county,
        age=age_on(candidate.birth_date, as_of),
        education=candidate.education,
        occupation=group_of(wish.occupation, weights),
        experience=wish.experience,
        certificates=frozenset(wish.certificates),
        restrictions=frozenset(wish.restrictions),
        accommodations=frozenset(wish.accommodations),
        wage_expected=expected,
        wage_reserve=wish.wage_minimum or 0,
        available_from=wish.available_from or wish.visited,
        destinations=destinations_in(wish.destinations, candidate.county, cities),
        elsewhere=wish.elsewhere,
        refused=frozenset(city for code in wish.refused for city in cities_within(code, cities)),
        relatives_city=next(iter(cities_within(wish.relatives_city, cities)), None) if wish.relatives_city else None,
        needs=frozenset(wish.needs),
        groups=candidate.groups,
        burden=min(candidate.burden, BURDEN_MOST),
    )


def age_on(birth: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def group_of(word: str | None, weights: Weights) -> str:
    """The occupation group of a word; a group already, or general where no table knows the word."""
    if word and OCCUPATION.fullmatch(word):
        return word
    return occupation_group(word, default=weights.general_occupation)


def destinations_in(codes: Iterable[str], county: str, cities: Sequence[str]) -> tuple[str, ...]:
    """Wished places as cities: a wider place stands for the run's cities within it, each once; a city that is not in
    the run keeps its rank, a province or home without a city of the run is nothing to go to."""
    found: list[str] = []
    for code in codes:
        within = cities_within(code, cities)
        if not within and len(code) == 6 and _prefix(code) == code[:4] and not county.startswith(code[:4]):
            within = (code,)
        found += [city for city in within if city not in found]
    return tuple(found)


def cities_within(code: str, cities: Sequence[str]) -> tuple[str, ...]:
    """The run's cities in a place: `44` or 440000 a province, 433100 a prefecture, 440300 a city."""
    return _cities_within(code, tuple(cities))


# A county names few places, and each of them thousands of times.
@lru_cache(maxsize=10_000)
def _cities_within(code: str, cities: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(city for city in sorted(cities) if city.startswith(_prefix(code)))


def _prefix(code: str) -> str:
    for end in (2, 4):
        if len(code) == 6 and code[end:] == "0" * (6 - end):
            return code[:end]
    return code


def _married(entering: dict[UUID, Person], listed: dict[UUID, Candidate]) -> dict[UUID, Person]:
    """Couples whose wishes answer each other name each other by pseudonym; with a partner left out one goes alone."""
    married: dict[UUID, Person] = {}
    for person, facts in entering.items():
        wish = listed[person].wish
        other = listed[wish.partner].wish if wish.partner in entering and wish.partner != person else None
        if other and wish.partner and other.partner == person and other.together == wish.together:
            facts = replace(facts, partner=entering[wish.partner].person, together=wish.together)
        married[person] = facts
    return married


def _grouped(entering: dict[UUID, Person], listed: dict[UUID, Candidate]) -> dict[UUID, Person]:
    """Fellow villagers of whom 2-20 enter are named a group, after the least of their pseudonyms; other numbers are none."""
    members: dict[UUID, list[UUID]] = {}
    for person in entering:
        group = listed[person].wish.fellows
        if group:
            members.setdefault(group, []).append(person)
    named = {
        person: min(entering[member].person for member in group)
        for group in members.values()
        if FELLOWS_LEAST <= len(group) <= FELLOWS_MOST
        for person in group
    }
    return {person: replace(facts, fellows=named.get(person)) for person, facts in entering.items()}
