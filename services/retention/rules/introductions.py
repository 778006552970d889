"""Introductions (介绍), people and vacancies (岗位) as retention has heard of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Person:
    """Somebody of this node's register: the township alone is kept."""

    id: UUID
    township: str


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """What is known so far; None is what nobody has told yet. The county knows the person, the city the guest."""

    id: UUID
    county: str
    city: str
    vacancy: UUID | None = None
    person: UUID | None = None
    guest: UUID | None = None
    employer_uscc: str | None = None
    occupation: str | None = None
    hired_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """同一人: `first` is the first introduction with a start in that city of whoever this one is about."""

    introduction: UUID
    first: UUID
    county: str
    city: str


@dataclass(frozen=True, kw_only=True)
class Vacancy:
    """A vetted vacancy of this city as jobs has announced it."""

    id: UUID
    city: str
    employer_uscc: str | None
    employer_name: str
    title: str
    occupation: str | None
    wage: int
    openings_left: int
    withdrawn: bool = False
