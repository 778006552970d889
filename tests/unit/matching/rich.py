"""Markets in which every column of the files says something: each drawn by chance from a seed that hypothesis chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from services.matching.rules.facts import ELSEWHERE, Person, Vacancy
from tests.unit.matching.markets import A_PERSON, A_VACANCY, COUNTIES, GROUPS, published_weights

WEIGHTS = published_weights()
CITIES = ("370100", "430100", "430200", "440300", "440100")
TRADES = ("6-18", "6-17", "5-02", "61-18", "9-99")
OFFERS = tuple(WEIGHTS.offers)


def people(most: int = 14) -> st.SearchStrategy[dict[str, Person]]:
    return st.builds(lambda seed, count: crowd(Random(seed), count), st.integers(0, 2**32), st.integers(0, most))


def vacancies(most: int = 6) -> st.SearchStrategy[dict[str, Vacancy]]:
    return st.builds(lambda seed, count: offer(Random(seed), count), st.integers(0, 2**32), st.integers(1, most))


def crowd(random: Random, count: int) -> dict[str, Person]:
    return {name: _person(random, name) for name in (f"p{at}" for at in range(count))}


def offer(random: Random, count: int) -> dict[str, Vacancy]:
    return {name: _vacancy(random, name) for name in (f"v{at}" for at in range(count))}


def _some(random: Random, names: tuple[str, ...], share: float) -> frozenset[str]:
    return frozenset(name for name in names if random.random() < share)


def _day(random: Random) -> date:
    return date(2017, 3, 1) + timedelta(days=random.choice((0, 1, 5, random.randrange(400))))


def _person(random: Random, name: str) -> Person:
    return replace(
        A_PERSON,
        person=name,
        county=random.choice((*COUNTIES, "520100")),
        age=random.randrange(16, 61),
        education=random.randrange(6),
        occupation=random.choice(TRADES),
        experience=random.randrange(13),
        certificates=_some(random, WEIGHTS.certificates, 0.7),
        restrictions=_some(random, WEIGHTS.restrictions, 0.1),
        accommodations=_some(random, WEIGHTS.accommodations, 0.1),
        wage_expected=random.randrange(1500, 5000),
        wage_reserve=random.choice((0, random.randrange(3500))),
        available_from=_day(random),
        destinations=tuple(random.choices((*CITIES, "110000"), k=random.randrange(5))),
        elsewhere=random.choice(ELSEWHERE),
        refused=_some(random, CITIES, 0.1),
        relatives_city=random.choice((None, *CITIES, "999999")),
        needs=_some(random, OFFERS, 0.5),
        groups=_some(random, GROUPS, 0.3),
        burden=random.randrange(101),
        shared=None,
    )


def _vacancy(random: Random, name: str) -> Vacancy:
    reserved = {group: random.randrange(3) for group in random.sample(GROUPS, random.randrange(4))}
    return replace(
        A_VACANCY,
        vacancy=name,
        city=random.choice(CITIES),
        openings=sum(reserved.values()) + random.randrange(3),
        reserved=reserved,
        occupation=random.choice(TRADES),
        age_min=random.choice((None, random.randrange(16, 30))),
        age_max=random.choice((None, random.randrange(30, 61))),
        education_min=random.choice((0, 0, random.randrange(6))),
        certificates=_some(random, WEIGHTS.certificates, 0.08),
        demands=_some(random, WEIGHTS.restrictions, 0.2),
        accommodations=_some(random, WEIGHTS.accommodations, 0.7),
        wage=random.randrange(1500, 6000),
        starts_by=_day(random) + timedelta(days=random.randrange(200)),
        offers=_some(random, OFFERS, 0.5),
        experience_points=random.randrange(16),
    )
