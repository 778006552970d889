"""What a vacancy is worth to a person, what a person's claim to it is, and which hard rules stand between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siphash24 import siphash24

from services.matching.rules.facts import Person, Vacancy
from services.matching.rules.weights import Fit, Weights

LOTTERY_BITS = 53
Parts = dict[str, int]
# The better first when sorted ascending: utility, spread, id.
Rank = tuple[int, int, str]


def draw(seed: bytes, identifier: str) -> int:
    """`h(id)`: SipHash-2-4 of the id under the run's seed, 64 bits."""
    return int.from_bytes(siphash24(identifier.encode(), key=seed).digest(), "little")


def lottery(seed: bytes, person: str) -> int:
    """The lot (抽签号) of a person, 53 bits; the greater wins between equal priorities."""
    return draw(seed, person) >> (64 - LOTTERY_BITS)


def spread(seed: bytes, person: str, vacancy: str) -> int:
    """Breaks ties between equally wanted vacancies differently for each person, so that not all crowd at one."""
    return ((draw(seed, person) & 31) + (draw(seed, vacancy) & 31)) & 31


def failed_rules(person: Person, vacancy: Vacancy, weights: Weights) -> tuple[str, ...]:
    """The names of the hard rules that do not hold, in the order of matching v1, section 2."""
    return tuple(_failed(person, vacancy, weights))


def _failed(person: Person, vacancy: Vacancy, weights: Weights) -> Iterable[str]:
    if vacancy.age_min is not None and person.age < vacancy.age_min:
        yield "age_min"
    if vacancy.age_max is not None and person.age > vacancy.age_max:
        yield "age_max"
    if person.education < vacancy.education_min:
        yield "education_min"
    yield from (
        f"certificate:{name}" for name in weights.certificates if name in vacancy.certificates - person.certificates
    )
    yield from (f"demand:{name}" for name in weights.restrictions if name in vacancy.demands & person.restrictions)
    lacking = person.accommodations - vacancy.accommodations
    yield from (f"accommodation:{name}" for name in weights.accommodations if name in lacking)
    if person.available_from > vacancy.starts_by:
        yield "starts_by"
    if vacancy.wage < person.wage_reserve:
        yield "wage_reserve"
    if vacancy.city in person.refused:
        yield "destination_refused"
    if not wishes(person, vacancy.city):
        yield "destination_not_wished"


def wishes(person: Person, city: str) -> bool:
    """Whether a person would go to a city at all, by destinations or by `elsewhere`."""
    if city in person.destinations or person.elsewhere == "anywhere":
        return True
    return person.elsewhere == "province" and city[:2] == person.county[:2]


def feasible(person: Person, vacancy: Vacancy) -> bool:
    """Whether every hard rule holds; the same as an empty `failed_rules`, without the names."""
    return (
        vacancy.city not in person.refused
        and vacancy.wage >= person.wage_reserve
        and person.available_from <= vacancy.starts_by
        and (vacancy.age_min is None or person.age >= vacancy.age_min)
        and (vacancy.age_max is None or person.age <= vacancy.age_max)
        and person.education >= vacancy.education_min
        and vacancy.certificates <= person.certificates
        and not vacancy.demands & person.restrictions
        and person.accommodations <= vacancy.accommodations
        and wishes(person, vacancy.city)
    )


def utility_parts(person: Person, vacancy: Vacancy, weights: Weights) -> Parts:
    """What a vacancy is worth to a person, part by part. Source: matching v1, section 3."""
    steps = vacancy.wage // 10 - person.wage_expected // 10 + weights.half_steps
    ramp = min(2 * weights.half_steps, max(0, steps))
    return {
        "wage": ramp * weights.numerator // weights.denominator,
        "occupation": _occupation(person, vacancy, weights.occupation_utility, weights),
        "destination": _destination(person, vacancy.city, weights),
        "relatives": weights.relatives if vacancy.city == person.relatives_city else 0,
        "closeness": weights.closeness.get(person.county, {}).get(vacancy.city, 0),
        **{name: _offer(name, person, vacancy, weights) for name in weights.offers},
    }


def priority_parts(person: Person, vacancy: Vacancy, weights: Weights) -> Parts:
    """A person's claim to a vacancy, part by part; `shared` only where a couple shares. Source: section 4."""
    steps = max(0, person.education - vacancy.education_min)
    agreed = (person.county, vacancy.city) in weights.agreements
    parts = {
        "groups": weights.points_of(person.groups),
        "burden": person.burden,
        "occupation": _occupation(person, vacancy, weights.occupation_priority, weights),
        "experience": min(person.experience, 10) * vacancy.experience_points,
        "education": min(weights.education_cap, steps * weights.education_step),
        "agreement": weights.agreement if agreed else 0,
    }
    return parts if person.shared is None else {**parts, "shared": person.shared}


def _occupation(person: Person, vacancy: Vacancy, fit: Fit, weights: Weights) -> int:
    floor = fit.general_floor if vacancy.occupation == weights.general_occupation else 0
    if person.occupation == vacancy.occupation:
        return max(fit.same, floor)
    same_major = person.occupation.split("-")[0] == vacancy.occupation.split("-")[0]
    return max(fit.major if same_major else fit.other, floor)


def _destination(person: Person, city: str, weights: Weights) -> int:
    if city not in person.destinations:
        return 0
    rank = person.destinations.index(city)
    return weights.destination[rank] if rank < len(weights.destination) else 0


def _offer(name: str, person: Person, vacancy: Vacancy, weights: Weights) -> int:
    if name not in vacancy.offers:
        return 0
    return weights.offers[name] if name in person.needs else weights.extra


def utility(person: Person, vacancy: Vacancy, weights: Weights) -> int:
    return sum(utility_parts(person, vacancy, weights).values())


def priority(person: Person, vacancy: Vacancy, weights: Weights) -> int:
    return sum(priority_parts(person, vacancy, weights).values())


def key_of(points: int, lot: int) -> int:
    """A vacancy's order as one signed 64-bit integer: priority, then the lot."""
    return points << LOTTERY_BITS | lot


@dataclass(frozen=True, slots=True)
class Option:
    """A vacancy that a person could take by the hard rules, with both scores and the person's key there."""

    vacancy: str
    rank: Rank
    priority: int
    key: int

    @property
    def utility(self) -> int:
        return -self.rank[0]


def options(person: Person, vacancies: Iterable[Vacancy], weights: Weights, seed: bytes) -> list[Option]:
    """All vacancies open to a person by the hard rules, the most wanted first: the whole list, never cut short."""
    lot = lottery(seed, person.person)
    possible = (vacancy for vacancy in vacancies if feasible(person, vacancy))
    return sorted((option(person, vacancy, weights, seed, lot) for vacancy in possible), key=lambda each: each.rank)


def option(person: Person, vacancy: Vacancy, weights: Weights, seed: bytes, lot: int | None = None) -> Option:
    """One vacancy with a person's scores; says nothing about the hard rules."""
    lot = lottery(seed, person.person) if lot is None else lot
    worth, claim = utility(person, vacancy, weights), priority(person, vacancy, weights)
    rank = (-worth, -spread(seed, person.person, vacancy.vacancy), vacancy.vacancy)
    return Option(vacancy.vacancy, rank, claim, key_of(claim, lot))
