"""The weights of the formula: data with a version, judged by what they could give and not by who is present."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

UTILITY_MOST = 1023
# 1023 as a priority is kept for the infinite cutoff.
PRIORITY_MOST = 1022
BURDEN_MOST = 100
EXPERIENCE_MOST = 150


class WeightsRefused(ValueError):
    """These weights are no weights: a key is missing, malformed, or some score could leave its range."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Points for how near two occupations (职业) are; `general_floor` is the least at a general vacancy."""

    same: int
    major: int
    other: int
    general_floor: int

    @property
    def most(self) -> int:
        return max(self.same, self.major, self.other, self.general_floor)


@dataclass(frozen=True, slots=True)
class Weights:
    """`weights.json` of matching v1, section 7."""

    version: str
    general_occupation: str
    numerator: int
    denominator: int
    half_span: int
    occupation_utility: Fit
    destination: tuple[int, ...]
    relatives: int
    offers: Mapping[str, int]
    extra: int
    closeness: Mapping[str, Mapping[str, int]]
    group_points: Mapping[str, int]
    reserve_groups: tuple[str, ...]
    occupation_priority: Fit
    education_step: int
    education_cap: int
    agreement: int
    agreements: frozenset[tuple[str, str]]
    certificates: tuple[str, ...]
    restrictions: tuple[str, ...]
    accommodations: tuple[str, ...]

    @property
    def groups(self) -> frozenset[str]:
        """Every name of a group, with points or with reserved openings."""
        return frozenset(self.group_points) | frozenset(self.reserve_groups)

    def points_of(self, groups: Iterable[str]) -> int:
        return sum(self.group_points.get(group, 0) for group in groups)

    @property
    def household_most(self) -> int:
        """What groups, burden and shared points of one person may come to."""
        return sum(self.group_points.values()) + BURDEN_MOST

    @property
    def half_steps(self) -> int:
        """Half the span of the wage ramp in steps of ten yuan."""
        return self.half_span // 10


def weights_of(data: Mapping[str, Any]) -> Weights:
    """Reads and judges the weights; raises WeightsRefused."""
    try:
        weights = _parse(data)
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise WeightsRefused(f"malformed weights: {fault!r}") from fault
    for why in _faults(weights):
        raise WeightsRefused(why)
    return weights


def _parse(data: Mapping[str, Any]) -> Weights:
    wage, offers = data["wage"], data["offers"]
    return Weights(
        version=str(data["version"]),
        general_occupation=str(data["general_occupation"]),
        numerator=_count(wage["numerator"]),
        denominator=_count(wage["denominator"]),
        half_span=_count(wage["half_span"]),
        occupation_utility=_fit(data["occupation_utility"]),
        destination=tuple(_count(points) for points in data["destination"]),
        relatives=_count(data["relatives"]),
        offers=_counts(offers["needed"]),
        extra=_count(offers["extra"]),
        closeness={county: _counts(cities) for county, cities in data["closeness"].items()},
        group_points=_counts(data["group_points"]),
        reserve_groups=_names(data["reserve_groups"]),
        occupation_priority=_fit(data["occupation_priority"]),
        education_step=_count(data["education_step"]),
        education_cap=_count(data["education_cap"]),
        agreement=_count(data["agreement"]),
        agreements=frozenset((str(county), str(city)) for county, city in data["agreements"]),
        certificates=_names(data["certificates"]),
        restrictions=_names(data["restrictions"]),
        accommodations=_names(data["accommodations"]),
    )


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is not a whole number of 0 or more")
    return value


def _counts(values: Mapping[str, Any]) -> dict[str, int]:
    return {str(name): _count(value) for name, value in values.items()}


def _names(values: Iterable[Any]) -> tuple[str, ...]:
    names = tuple(values)
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        raise ValueError(f"{names!r} is not a list of different names")
    return names


def _fit(data: Mapping[str, Any]) -> Fit:
    return Fit(_count(data["same"]), _count(data["major"]), _count(data["other"]), _count(data["general_floor"]))


def _faults(weights: Weights) -> Iterable[str]:
    if weights.denominator == 0:
        yield "the wage's denominator is 0"
    elif utility_most(weights) > UTILITY_MOST:
        yield f"a utility could pass {UTILITY_MOST}"
    if priority_most(weights) > PRIORITY_MOST:
        yield f"a priority could pass {PRIORITY_MOST}"
    if "open" in weights.reserve_groups:
        yield "a reserve group may not be called open"


def utility_most(weights: Weights) -> int:
    """The greatest utility that any person could have for any vacancy."""
    wage = 2 * weights.half_steps * weights.numerator // weights.denominator
    closeness = max((points for cities in weights.closeness.values() for points in cities.values()), default=0)
    offers = sum(max(needed, weights.extra) for needed in weights.offers.values())
    place = max(weights.destination, default=0) + weights.relatives + closeness
    return wage + weights.occupation_utility.most + place + offers


def priority_most(weights: Weights) -> int:
    """The greatest priority that any person could have at any vacancy."""
    skills = weights.occupation_priority.most + EXPERIENCE_MOST + weights.education_cap
    return weights.household_most + skills + weights.agreement
