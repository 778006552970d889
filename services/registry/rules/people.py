"""A person of the register (人): as kept, as a list shows one, and the facts in plain that files and officers state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from libs.common.row_mapping import maker_of
from services.registry.rules.facts import reserve_groups
from services.registry.rules.report import PersonRow


@dataclass(frozen=True, kw_only=True)
class Person:
    """Everything the register keeps; what is `_sealed` or an `_index` is bytes, and nothing else names anybody."""

    id: UUID
    household: UUID
    name_sealed: bytes
    number_sealed: bytes
    number_index: bytes
    name_index: bytes
    phone_sealed: bytes | None
    household_phone_sealed: bytes | None
    person_no_sealed: bytes | None
    sex: str
    birth_date: date
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    disability: str
    political_status: str
    work_employer: str
    work_months: int
    low_income: bool
    destitute: bool
    labourer: bool
    reasons: list[str]
    as_of: date
    version: int = 1
    batch: UUID | None = None
    batch_row: int | None = None
    left_as: str | None = None
    left_on: date | None = None
    merged_into: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WrittenPerson(Person):
    """As it is written: with the tokens by which the person is found (检索) and the keys of who is perhaps the same (查重).

    None says that those on record stay.
    """

    tokens: list[int] | None
    alike: list[int] | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The same in plain: what may be stated otherwise one day."""

    household: UUID
    name: str
    number: str
    phone: str
    household_phone: str
    person_no: str
    sex: str
    birth_date: date
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    disability: str
    political_status: str
    work_employer: str
    work_months: int
    low_income: bool
    destitute: bool
    labourer: bool
    reasons: list[str]


# What follows from the number.
BY_NUMBER = frozenset({"number", "birth_date", "sex"})
SEALED = ("name", "number", "phone", "household_phone", "person_no")
PLAIN = tuple(field.name for field in fields(Facts) if field.name not in SEALED)
# A row of a file names most facts as they are kept; these it says in its own way.
_OWN = ("household", "birth_date", "health", "labourer", "reasons")
_SAME = tuple(name for name in (*SEALED, *PLAIN) if name not in _OWN)
_same, _facts = attrgetter(*_SAME), maker_of(Facts, (*_SAME, *_OWN))


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """What a list shows of a person as of a day, and what its masks, bands and groups follow from.

    `facts` are the newest wish's; `visited` is when it was said, or when somebody was met later. `labourer` and `reasons` are of the day
    `judged_on`, the same for everybody of the register.
    """

    id: UUID
    household: UUID
    name_sealed: bytes
    number_sealed: bytes
    phone_sealed: bytes | None
    household_phone_sealed: bytes | None
    sex: str
    birth_date: date
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    disability: str
    labourer: bool
    reasons: list[str]
    version: int
    burden: int
    work_place: str | None
    channel: str | None
    facts: dict[str, Any] | None
    visited: date | None
    judged_on: date | None
    rule: str | None


@dataclass(frozen=True, kw_only=True)
class PersonState(ListedPerson):
    """When the newest wish was said and with whom it wants to travel, and how and since when the person is gone."""

    said_on: date | None
    partner: UUID | None
    fellows: str | None
    left_as: str | None
    left_on: date | None
    merged_into: UUID | None


@dataclass(frozen=True)
class Alike:
    """People of a township whom identification cannot tell apart on a day, by one of their birth dates."""

    township: str
    birth_date: date
    ability: str
    pupil: str
    people: int


def groups_of(person: ListedPerson, on: date) -> tuple[str, ...]:
    """The reserve groups of matching v1 on a day."""
    return reserve_groups(
        birth=person.birth_date,
        education=person.education,
        health=tuple(person.health),
        disability=person.disability,
        zero_employment=bool(person.facts and person.facts.get("zero_employment")),
        on=on,
    )


def facts_of(row: PersonRow, household: UUID) -> Facts:
    """What an accepted row of a file states."""
    verdict = row.verdict.labourer, list(row.verdict.reasons)
    return _facts([*_same(row), household, row.birth, list(row.health), *verdict])


def stated_over(before: Facts, stated: Facts, newer: Collection[str]) -> Facts:
    """A file over what is known: an empty cell says nothing about what is sealed, and what something newer has changed stays."""
    kept = {name: getattr(before, name) for name in SEALED if not getattr(stated, name)}
    kept |= {name: getattr(before, name) for name in newer if hasattr(before, name)}
    return replace(stated, **kept)


def grounds_differ(before: Facts, after: Facts) -> bool:
    """Whether something is other that a verdict looks at."""
    return (before.ability, before.pupil, before.birth_date) != (after.ability, after.pupil, after.birth_date)
