"""Two people side by side (并排比对): every fact of both, and which of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from services.registry.rules.masking import mask_fact
from services.registry.rules.people import Facts, PersonState

# What may be taken over from the one who goes; number brings birth date and sex, household the place, work also the channel.
Taken = Literal[
    "name",
    "number",
    "phone",
    "household_phone",
    "person_no",
    "ethnic_group",
    "kinship",
    "household",
    "education",
    "pupil",
    "ability",
    "health",
    "disability",
    "political_status",
    "work_employer",
    "work_months",
    "low_income",
    "destitute",
    "work_place",
]
TAKEN: tuple[Taken, ...] = get_args(Taken)
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "birth_date", "sex"),
    "household": ("household", "township", "village"),
    "work_place": ("work_place", "channel"),
}
_OF_FACTS = (
    "name",
    "number",
    "sex",
    "birth_date",
    "phone",
    "household_phone",
    "person_no",
    "household",
    "township",
    "village",
    "kinship",
    "ethnic_group",
    "education",
    "pupil",
    "ability",
    "health",
    "disability",
    "political_status",
    "low_income",
    "destitute",
    "work_employer",
    "work_months",
)
_OF_STATE = ("work_place", "channel", "visited", "left_as", "left_on")


@dataclass(frozen=True)
class ComparedFact:
    """One fact of both, masked; `taken` is the name under which it may be taken over, where it may."""

    field: str
    one: Any
    other: Any
    differs: bool
    taken: str | None


def compare_facts(states: tuple[PersonState, PersonState], facts: tuple[Facts, Facts]) -> list[ComparedFact]:
    """Every fact of two people, in the order of the card; whether they differ is told of the values themselves, not of their masks."""
    compared = [_compared(name, getattr(facts[0], name), getattr(facts[1], name)) for name in _OF_FACTS]
    return compared + [_compared(name, getattr(states[0], name), getattr(states[1], name)) for name in _OF_STATE]


def _compared(name: str, one: Any, other: Any) -> ComparedFact:
    return ComparedFact(name, mask_fact(name, one), mask_fact(name, other), one != other, _taken_as(name))


def _taken_as(name: str) -> str | None:
    """The choice that brings this fact with it."""
    return next((choice for choice, brought in TOGETHER.items() if name in brought), name if name in TAKEN else None)
