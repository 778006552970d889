"""Changes (变更): what is known of a person before and after, who said so, when and why; nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.registry.rules.people import Facts, Person

# 来源: typed in by somebody, a row of a file, the cadre's phone, what another service of the node has told, the person herself.
Source = Literal["form", "file", "phone", "event", "self"]


@dataclass(frozen=True)
class Origin:
    """Whose word it is, by which way it came, and why where somebody said why."""

    by: str
    source: Source
    batch: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Restated:
    """A person whose facts are stated otherwise from a day on, by a row of the file where one does."""

    person: Person
    before: Facts
    after: Facts
    on: date
    row: int | None = None

    @property
    def fields(self) -> list[str]:
        """Which of them differ, in the order of the facts."""
        return [name for name, value in vars(self.after).items() if value != getattr(self.before, name)]


@dataclass(frozen=True)
class FieldChange:
    """One field of one person in plain, before it is sealed."""

    person: UUID
    field: str
    before: object
    after: object
    on: date
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field as it stood and as it stands, both sealed: who changed it, on which day it holds, with which file."""

    id: UUID
    person: UUID
    batch: UUID | None
    batch_row: int | None
    field: str
    on: date
    changed_by: str
    at: datetime
    source: str
    reason: str | None
    before_sealed: bytes
    after_sealed: bytes


def fields_of(restated: Restated) -> list[FieldChange]:
    """Each field that differs."""
    before, after = restated.before, restated.after
    return [
        FieldChange(restated.person.id, name, getattr(before, name), getattr(after, name), restated.on, restated.row)
        for name in restated.fields
    ]


def text_of(value: object) -> str:
    """A value as a change keeps it: yes and no as the card says them, a list joined as the card joins it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Collection) and not isinstance(value, str):
        return "、".join(map(str, value))
    return str(value)
