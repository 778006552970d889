"""The weights of the formula: data with a version, judged by what they could give and not by who is present."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from libs.common.problems import FieldError
from services.matching.rules.weights_file import WeightsFile, errors_of, pointer_to, read_file

UTILITY_MOST = 1023
# 1023 as a priority is kept for the infinite cutoff.
PRIORITY_MOST = 1022
BURDEN_MOST = 100
EXPERIENCE_MOST = 150


class WeightsRefused(ValueError):
    """These weights are no weights: a key is missing, malformed, or some score could leave its range."""

    def __init__(self, errors: Sequence[FieldError]):
        super().__init__("; ".join(f"{error.pointer or '/'}: {error.message}" for error in errors))
        self.errors = tuple(errors)


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

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the seat types by their numbers: the reserve groups in their order, then `open`."""
        return (*self.reserve_groups, "open")

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


def weights_of(data: Mapping[str, Any], *, known_keys_only: bool = False) -> Weights:
    """Reads and judges the weights; raises WeightsRefused naming each wrong key.

    Keys that nobody knows are passed over, unless `known_keys_only`: whoever publishes may mean something by them.
    """
    try:
        weights = _parse(read_file(data, known_keys_only=known_keys_only))
    except ValidationError as refused:
        raise WeightsRefused(errors_of(refused)) from refused
    if faults := [*_faults(weights)]:
        raise WeightsRefused(faults)
    return weights


def _parse(file: WeightsFile) -> Weights:
    return Weights(
        version=file.version,
        general_occupation=file.general_occupation,
        numerator=file.wage.numerator,
        denominator=file.wage.denominator,
        half_span=file.wage.half_span,
        occupation_utility=Fit(**file.occupation_utility.model_dump()),
        destination=tuple(file.destination),
        relatives=file.relatives,
        offers=file.offers.needed,
        extra=file.offers.extra,
        closeness=file.closeness,
        group_points=file.group_points,
        reserve_groups=tuple(file.reserve_groups),
        occupation_priority=Fit(**file.occupation_priority.model_dump()),
        education_step=file.education_step,
        education_cap=file.education_cap,
        agreement=file.agreement,
        agreements=frozenset(file.agreements),
        certificates=tuple(file.certificates),
        restrictions=tuple(file.restrictions),
        accommodations=tuple(file.accommodations),
    )


def _faults(weights: Weights) -> Iterable[FieldError]:
    if utility_most(weights) > UTILITY_MOST:
        yield from _too_many("utility", _utility_parts(weights), UTILITY_MOST)
    if priority_most(weights) > PRIORITY_MOST:
        yield from _too_many("priority", _priority_parts(weights), PRIORITY_MOST - BURDEN_MOST - EXPERIENCE_MOST)
    for at, group in enumerate(weights.reserve_groups):
        if group == "open":
            yield FieldError(
                pointer_to("reserve_groups", at), "reserved_name", "a reserve group may not be called open"
            )


def _too_many(score: str, parts: Mapping[str, int], most: int) -> Iterable[FieldError]:
    """Each part of a sum that is too great, with what it gives: any of them can be lowered."""
    total = sum(parts.values())
    for name, points in parts.items():
        if points:
            message = f"a {score} could pass its range: {points} here, {total} in all parts, of which {most} may be"
            yield FieldError(pointer_to(name), "out_of_range", message)


def utility_most(weights: Weights) -> int:
    """The greatest utility that any person could have for any vacancy."""
    return sum(_utility_parts(weights).values())


def _utility_parts(weights: Weights) -> dict[str, int]:
    return {
        "wage": 2 * weights.half_steps * weights.numerator // weights.denominator,
        "occupation_utility": weights.occupation_utility.most,
        "destination": max(weights.destination, default=0),
        "relatives": weights.relatives,
        "closeness": max((points for cities in weights.closeness.values() for points in cities.values()), default=0),
        "offers": sum(max(needed, weights.extra) for needed in weights.offers.values()),
    }


def priority_most(weights: Weights) -> int:
    """The greatest priority that any person could have at any vacancy."""
    return sum(_priority_parts(weights).values()) + BURDEN_MOST + EXPERIENCE_MOST


def _priority_parts(weights: Weights) -> dict[str, int]:
    return {
        "group_points": sum(weights.group_points.values()),
        "occupation_priority": weights.occupation_priority.most,
        "education_cap": weights.education_cap,
        "agreement": weights.agreement,
    }
