"""Changes (变更): what is known of a person before and after; nothing is overwritten in silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.registry.rules.people import Facts, Person


@dataclass(frozen=True)
class Restated:
    """A person whose facts are stated otherwise from a day on."""

    person: Person
    before: Facts
    after: Facts
    on: date

    @property
    def fields(self) -> list[str]:
        """Which of them differ, in the order of the facts."""
        return [name for name, value in vars(self.after).items() if value != getattr(self.before, name)]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field as it stood and as it stands, both sealed: who changed it, on which day, with which file."""

    id: UUID
    person: UUID
    batch: UUID | None
    field: str
    on: date
    changed_by: str
    before_sealed: bytes
    after_sealed: bytes
