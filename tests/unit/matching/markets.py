"""Sample markets for the tests of matching: the conformance files, and small random ones for hypothesis."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from services.matching import files
from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.weights import Weights

DATA = Path(__file__).parents[2] / "data" / "match"
PUBLISHED = files.WEIGHTS / "2017.1.json"
SEED = bytes(range(16))
COUNTIES = ("433124", "433126")
CITIES = ("370100", "430100", "440300")
GROUPS = ("disabled", "zero_employment", "older_or_low_schooled")


@dataclass(frozen=True)
class Market:
    people: dict[str, Person]
    vacancies: dict[str, Vacancy]
    weights: Weights
    seed: bytes


@dataclass(frozen=True)
class Sample(Market):
    folder: Path
    expected: dict[str, Any]


@cache
def sample(name: str) -> Sample:
    folder = DATA / name
    weights = files.read_weights(folder / "weights.json")
    people = files.read_people(folder / "people.parquet", weights)
    vacancies = files.read_vacancies(folder / "vacancies.parquet", weights)
    seed = bytes.fromhex((folder / "seed.txt").read_text().strip())
    return Sample(people, vacancies, weights, seed, folder, json.loads((folder / "expected.json").read_text()))


@cache
def published_weights() -> Weights:
    return files.read_weights(PUBLISHED)


A_PERSON = Person(
    person="p0",
    county="433124",
    age=30,
    education=2,
    occupation="6-18",
    experience=2,
    certificates=frozenset(),
    restrictions=frozenset(),
    accommodations=frozenset(),
    wage_expected=3000,
    wage_reserve=2000,
    available_from=date(2017, 3, 1),
    destinations=("440300",),
    elsewhere="anywhere",
    refused=frozenset(),
    relatives_city=None,
    needs=frozenset(),
    groups=frozenset(),
    burden=0,
)
A_VACANCY = Vacancy(
    vacancy="v0",
    city="440300",
    openings=1,
    reserved={},
    occupation="6-18",
    age_min=None,
    age_max=None,
    education_min=0,
    certificates=frozenset(),
    demands=frozenset(),
    accommodations=frozenset(),
    wage=3000,
    starts_by=date(2017, 3, 31),
    offers=frozenset(),
    experience_points=0,
)


@st.composite
def people(draw: st.DrawFn, most: int = 14) -> dict[str, Person]:
    count = draw(st.integers(0, most))
    return {f"p{number}": draw(_person(f"p{number}")) for number in range(count)}


@st.composite
def _person(draw: st.DrawFn, name: str) -> Person:
    return replace(
        A_PERSON,
        person=name,
        county=draw(st.sampled_from(COUNTIES)),
        education=draw(st.integers(1, 3)),
        wage_reserve=draw(st.sampled_from((2000, 3000))),
        destinations=tuple(draw(st.permutations(CITIES))[: draw(st.integers(1, 3))]),
        elsewhere=draw(st.sampled_from(("anywhere", "none"))),
        groups=frozenset(draw(st.sets(st.sampled_from(GROUPS), max_size=2))),
        burden=draw(st.integers(0, 2)),
    )


@st.composite
def vacancies(draw: st.DrawFn, most: int = 5) -> dict[str, Vacancy]:
    count = draw(st.integers(1, most))
    return {f"v{number}": draw(_vacancy(f"v{number}")) for number in range(count)}


@st.composite
def _vacancy(draw: st.DrawFn, name: str) -> Vacancy:
    reserved = draw(st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 1), max_size=2))
    return replace(
        A_VACANCY,
        vacancy=name,
        city=draw(st.sampled_from(CITIES)),
        openings=sum(reserved.values()) + draw(st.integers(0, 2)),
        reserved=reserved,
        education_min=draw(st.integers(0, 2)),
        wage=draw(st.sampled_from((2500, 3000))),
    )


def with_couples(persons: dict[str, Person], couples: list[tuple[str, str, str]]) -> dict[str, Person]:
    """The same people, some of them declared as couples (one, other, together)."""
    married = dict(persons)
    for one, other, together in couples:
        married[one] = replace(married[one], partner=other, together=together)
        married[other] = replace(married[other], partner=one, together=together)
    return married
