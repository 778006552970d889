"""Encrypted fields (加密字段): each opens only under the name of its own column; a person's facts in plain, and sealed again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from uuid import UUID

from libs.common.privacy import Vault
from services.registry.rules.people import PLAIN, SEALED, Facts, Person

NUMBER, NAME, HOUSEHOLD = "registry.person.number", "registry.person.name", "registry.household.number"


def seal_field(vault: Vault, field: str, text: str) -> bytes | None:
    """`field` is `person.phone`; an empty text is nothing to keep."""
    return vault.encrypt(text, context=_context_of(field)) if text else None


def open_field(vault: Vault, field: str, blob: bytes | None) -> str:
    """What was sealed; empty where nothing was kept."""
    return vault.decrypt(blob, context=_context_of(field)) if blob else ""


def index_number(vault: Vault, number: str) -> bytes:
    """By which a person is found who has this identity number."""
    return vault.blind_index(number, purpose=NUMBER)


def open_person(vault: Vault, person: Person) -> Facts:
    """What is known of a person, in plain."""
    facts = {name: getattr(person, name) for name in PLAIN}
    facts |= {name: open_field(vault, f"person.{name}", getattr(person, f"{name}_sealed")) for name in SEALED}
    return Facts(**facts)


def open_people(vault: Vault, people: Iterable[Person]) -> dict[tuple[UUID, int], Facts]:
    """The facts of many by id and version: what was opened before their rows are held is not opened again while they are."""
    return {(person.id, person.version): open_person(vault, person) for person in people}


def seal_person(vault: Vault, one: UUID, facts: Facts, as_of: date) -> Person:
    """Somebody new, as kept."""
    kept = {name: getattr(facts, name) for name in PLAIN}
    kept |= {f"{name}_sealed": seal_field(vault, f"person.{name}", getattr(facts, name)) for name in SEALED}
    return Person(
        id=one,
        number_index=index_number(vault, facts.number),
        name_index=vault.blind_index(facts.name, purpose=NAME),
        as_of=as_of,
        **kept,
    )


def seal_again(vault: Vault, person: Person, facts: Facts, fields: Iterable[str], on: date) -> Person:
    """Somebody known, as kept when these fields are other than before."""
    changed = {name: getattr(facts, name) for name in fields if name not in SEALED}
    changed |= {
        f"{name}_sealed": seal_field(vault, f"person.{name}", getattr(facts, name)) for name in fields if name in SEALED
    }
    if "name_sealed" in changed:
        changed["name_index"] = vault.blind_index(facts.name, purpose=NAME)
    if "number_sealed" in changed:
        changed["number_index"] = index_number(vault, facts.number)
    return replace(person, **changed, as_of=max(on, person.as_of))


@cache
def _context_of(field: str) -> str:
    return f"registry.{field}"
