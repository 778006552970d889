"""The facts of a run: people and vacancies as everybody computes with them, and why bad ones are refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date
from operator import attrgetter
from typing import Any

from services.matching.rules.weights import Weights

OPENINGS_MOST = 1_000_000
WAGE_MOST = 2**31 - 1
ELSEWHERE = ("anywhere", "province", "none")
TOGETHER = ("only", "preferred")
BEYOND_V1 = frozenset({"fellows"})
FELLOWS_LEAST, FELLOWS_MOST = 2, 20
FELLOWS_WHY = f"a group of fellow villagers has {FELLOWS_LEAST}-{FELLOWS_MOST} people"
IDENTIFIER = re.compile(r"[\x21-\x7e]{1,36}")
CITY = re.compile(r"[0-9]{6}")
OCCUPATION = re.compile(r"[0-9]+-[0-9]{2}")


class FactsRefused(ValueError):
    """Bad input, named by file (`people`, `vacancies`), row (from 1 in file order; 0: the file) and column."""

    def __init__(self, file: str, row: int, column: str, why: str) -> None:
        super().__init__(f"{file}, row {row}, {column}: {why}")
        self.file, self.row, self.column, self.why = file, row, column, why


@dataclass(frozen=True, slots=True)
class Person:
    """A labourer (劳动力) under the pseudonym of one run; wages in yuan a month."""

    person: str
    county: str
    age: int
    education: int
    occupation: str
    experience: int
    certificates: frozenset[str]
    restrictions: frozenset[str]
    accommodations: frozenset[str]
    wage_expected: int
    wage_reserve: int
    available_from: date
    destinations: tuple[str, ...]
    elsewhere: str
    refused: frozenset[str]
    relatives_city: str | None
    needs: frozenset[str]
    groups: frozenset[str]
    burden: int
    shared: int | None = None
    partner: str | None = None
    together: str | None = None
    # The name of a group of fellow villagers; not of v1, so written only where there is one.
    fellows: str | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A vacancy (岗位) with the openings offered in this run; `reserved` maps a reserve group to its openings."""

    vacancy: str
    city: str
    openings: int
    reserved: Mapping[str, int]
    occupation: str
    age_min: int | None
    age_max: int | None
    education_min: int
    certificates: frozenset[str]
    demands: frozenset[str]
    accommodations: frozenset[str]
    wage: int
    starts_by: date
    offers: frozenset[str]
    experience_points: int


_FIELDS = {kind: [field.name for field in fields_of(kind)] for kind in (Person, Vacancy)}
_READ = {kind: (names, attrgetter(*names)) for kind, names in _FIELDS.items()}
# How JSON carries what is no text and no number.
_AS_JSON: Mapping[type, Callable[[Any], Any]] = {frozenset: sorted, date: date.isoformat, tuple: list, dict: dict}


def as_data(fact: Person | Vacancy) -> dict[str, Any]:
    """A fact as JSON can carry it: sets sorted, dates in ISO form; what v1 does not know only where it says something."""
    names, read = _READ[type(fact)]
    data = {
        name: how(value) if (how := _AS_JSON.get(type(value))) else value
        for name, value in zip(names, read(fact), strict=True)
    }
    for name in BEYOND_V1:
        if data.get(name, "") is None:
            del data[name]
    return data


PERSON_SETS = ("certificates", "restrictions", "accommodations", "refused", "needs", "groups")
VACANCY_SETS = ("certificates", "demands", "accommodations", "offers")


def person_of(data: Mapping[str, Any]) -> Person:
    """The person that `as_data` wrote down."""
    sets = {name: frozenset(data[name]) for name in PERSON_SETS}
    return Person(
        **{**data, **sets, "available_from": _day(data["available_from"]), "destinations": tuple(data["destinations"])}
    )


def vacancy_of(data: Mapping[str, Any]) -> Vacancy:
    """The vacancy that `as_data` wrote down."""
    sets = {name: frozenset(data[name]) for name in VACANCY_SETS}
    return Vacancy(**{**data, **sets, "starts_by": _day(data["starts_by"]), "reserved": dict(data["reserved"])})


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def digest(facts: Iterable[Person | Vacancy]) -> str:
    """SHA-256 over the facts as sorted JSON lines: what a node binds itself to before the seed is known."""
    lines = sorted(json.dumps(as_data(fact), sort_keys=True, separators=(",", ":")) for fact in facts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_people(people: Iterable[Person], weights: Weights) -> dict[str, Person]:
    """The people by pseudonym; raises FactsRefused at the first bad one. Source: matching v1, sections 8 and 10."""
    known: dict[str, Person] = {}
    rows: dict[str, int] = {}
    for row, person in enumerate(people, start=1):
        fault = first_fault(person, weights)
        if fault:
            raise FactsRefused("people", row, *fault)
        if person.person in known:
            raise FactsRefused("people", row, "person", "a duplicate id")
        known[person.person], rows[person.person] = person, row
    for person in known.values():
        for column, why in _faults_of_couple(person, known):
            raise FactsRefused("people", rows[person.person], column, why)
    _refuse_groups(known, rows)
    return known


def _refuse_groups(people: Mapping[str, Person], rows: Mapping[str, int]) -> None:
    sizes = Counter(person.fellows for person in people.values() if person.fellows)
    for person in people.values():
        if person.fellows and not FELLOWS_LEAST <= sizes[person.fellows] <= FELLOWS_MOST:
            raise FactsRefused("people", rows[person.person], "fellows", FELLOWS_WHY)


def check_vacancies(vacancies: Iterable[Vacancy], weights: Weights) -> dict[str, Vacancy]:
    """The vacancies by id; raises FactsRefused at the first bad one."""
    known: dict[str, Vacancy] = {}
    for row, vacancy in enumerate(vacancies, start=1):
        for column, why in _faults_of_vacancy(vacancy, weights):
            raise FactsRefused("vacancies", row, column, why)
        if vacancy.vacancy in known:
            raise FactsRefused("vacancies", row, "vacancy", "a duplicate id")
        known[vacancy.vacancy] = vacancy
    return known


Fault = tuple[str, str]


def first_fault(person: Person, weights: Weights) -> Fault | None:
    """Column and reason of what is wrong with a person alone, whoever else there is; None: nothing."""
    return next(iter(_faults_of_person(person, weights)), None)


def _faults_of_person(person: Person, weights: Weights) -> Iterable[Fault]:
    yield from _identifier("person", person.person)
    yield from _six_digits("county", [person.county])
    yield from _within("age", person.age, 0, 120)
    yield from _within("education", person.education, 0, 5)
    yield from _occupation(person.occupation)
    if person.experience < 0:
        yield "experience", "below 0"
    yield from _named("certificates", person.certificates, weights.certificates)
    yield from _named("restrictions", person.restrictions, weights.restrictions)
    yield from _named("accommodations", person.accommodations, weights.accommodations)
    yield from _wage("wage_expected", person.wage_expected)
    yield from _wage("wage_reserve", person.wage_reserve)
    yield from _faults_of_wishes(person, weights)
    yield from _named("groups", person.groups, weights.groups)
    yield from _within("burden", person.burden, 0, 100)
    yield from _shared(person, weights)
    if person.together is not None and person.together not in TOGETHER:
        yield "together", f"{person.together!r} is unknown"
    if person.fellows is not None:
        yield from _identifier("fellows", person.fellows)


def _faults_of_wishes(person: Person, weights: Weights) -> Iterable[Fault]:
    yield from _six_digits("destinations", person.destinations)
    if person.elsewhere not in ELSEWHERE:
        yield "elsewhere", f"{person.elsewhere!r} is unknown"
    yield from _six_digits("refused", person.refused)
    if person.relatives_city is not None:
        yield from _six_digits("relatives_city", [person.relatives_city])
    yield from _named("needs", person.needs, weights.offers)


def _shared(person: Person, weights: Weights) -> Iterable[Fault]:
    if person.shared is None:
        return
    if person.shared < 0:
        yield "shared", "negative"
    if weights.points_of(person.groups) + person.burden + person.shared > weights.household_most:
        yield "shared", "groups, burden and shared points pass what a household can have"


def _faults_of_couple(person: Person, known: Mapping[str, Person]) -> Iterable[Fault]:
    if person.partner is None:
        return
    other = known.get(person.partner)
    if other is None:
        yield "partner", "does not exist"
    elif other is person or other.partner != person.person:
        yield "partner", "does not answer"
    elif other.together != person.together:
        yield "together", "the partner has another"


def _faults_of_vacancy(vacancy: Vacancy, weights: Weights) -> Iterable[Fault]:
    yield from _identifier("vacancy", vacancy.vacancy)
    yield from _six_digits("city", [vacancy.city])
    yield from _within("openings", vacancy.openings, 0, OPENINGS_MOST)
    yield from _named("reserved", vacancy.reserved, weights.reserve_groups)
    if any(openings < 0 for openings in vacancy.reserved.values()):
        yield "reserved", "negative openings"
    if sum(vacancy.reserved.values()) > vacancy.openings:
        yield "reserved", "more than the openings"
    yield from _occupation(vacancy.occupation)
    for column, bound in (("age_min", vacancy.age_min), ("age_max", vacancy.age_max)):
        if bound is not None:
            yield from _within(column, bound, 0, 120)
    yield from _within("education_min", vacancy.education_min, 0, 5)
    yield from _named("certificates", vacancy.certificates, weights.certificates)
    yield from _named("demands", vacancy.demands, weights.restrictions)
    yield from _named("accommodations", vacancy.accommodations, weights.accommodations)
    yield from _wage("wage", vacancy.wage)
    yield from _named("offers", vacancy.offers, weights.offers)
    yield from _within("experience_points", vacancy.experience_points, 0, 15)


def _identifier(column: str, value: str) -> Iterable[Fault]:
    if not IDENTIFIER.fullmatch(value):
        yield column, "an id is 1 to 36 characters from ! to ~"


def _six_digits(column: str, values: Iterable[str]) -> Iterable[Fault]:
    for value in values:
        if not CITY.fullmatch(value):
            yield column, f"{value!r} is not six digits"


def _within(column: str, value: int, least: int, most: int) -> Iterable[Fault]:
    if not least <= value <= most:
        yield column, f"{value} is outside {least}-{most}"


def _wage(column: str, value: int) -> Iterable[Fault]:
    if value < 0:
        yield column, "a negative wage"
    yield from _within(column, value, 0, WAGE_MOST)


def _occupation(value: str) -> Iterable[Fault]:
    if not OCCUPATION.fullmatch(value):
        yield "occupation", f"{value!r} is not digits, hyphen, two digits"


def _named(column: str, values: Iterable[str], names: Iterable[str]) -> Iterable[Fault]:
    unknown = set(values).difference(names)
    if unknown:
        yield column, f"{min(unknown)!r} is not a name in the weights"
