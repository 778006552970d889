"""Cards and guests (一人一卡、外来务工人员): a card sealed at home, the person it names kept at the destination, and withdrawn consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Card:
    """That a person's card was sealed for a city, on the consent of that day."""

    introduction: UUID
    person: UUID
    city: str
    consent_on: date


@dataclass(frozen=True)
class CityCard:
    """A sealed card, and the day on which its city said that it is gone."""

    introduction: UUID
    city: str
    erased_on: date | None


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody whose card was opened here; name, number and phone are sealed under this node's own key. A student came for a `course`,
    which stands as the `vacancy`, too: whose it is may ask for the name."""

    id: UUID
    introduction: UUID
    county: str
    vacancy: UUID
    name_sealed: bytes
    number_sealed: bytes
    number_index: bytes
    phone_sealed: bytes | None
    sex: str
    birth_date: date
    ethnic_group: str
    education: int
    occupation: str | None
    experience: int
    certificates: list[str]
    groups: list[str]
    burden: int
    consent: str
    consent_on: date
    received_on: date
    course: UUID | None = None


@dataclass(frozen=True)
class Withdrawal:
    """撤回同意: of which introduction, and since when."""

    introduction: UUID
    county: str
    city: str
    on: date
