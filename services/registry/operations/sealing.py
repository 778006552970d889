"""Encrypted fields (加密字段): each opens only under the name of its own column; a person's facts in plain, and sealed again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import MISSING, fields, replace
from datetime import date
from functools import cache
from operator import attrgetter
from uuid import UUID

from libs.common.privacy import Vault
from libs.common.row_mapping import maker_of
from libs.common.sheets.text import compact
from services.registry.operations.search_tokens import likeness_of, tokens_of
from services.registry.rules.people import PLAIN, SEALED, Facts, ListedPerson, Person, WrittenPerson
from services.registry.rules.search import Plain

NUMBER, NAME, HOUSEHOLD = "registry.person.number", "registry.person.name", "registry.household.number"
_FOUND_BY = frozenset({"name", "number", "phone", "household_phone"})
_ALIKE_BY = frozenset({"name", "birth_date", "township", "village"})
# What nobody has said yet of somebody new: which file, a departure, a merge.
_NEW: dict[str, object] = {each.name: each.default for each in fields(WrittenPerson) if each.default is not MISSING}
_SEALED_FIELDS = tuple((name, f"person.{name}") for name in SEALED)
_INDEXED = ("id", "number_index", "name_index", "as_of", "tokens", "alike")
_plain = attrgetter(*PLAIN)
_written = maker_of(WrittenPerson, (*PLAIN, *(f"{name}_sealed" for name in SEALED), *_INDEXED, *_NEW))


def seal_field(vault: Vault, field: str, text: str) -> bytes | None:
    """`field` is `person.phone`; an empty text is nothing to keep."""
    return vault.encrypt(text, context=_context_of(field)) if text else None


def open_field(vault: Vault, field: str, blob: bytes | None) -> str:
    """What was sealed; empty where nothing was kept."""
    return vault.decrypt(blob, context=_context_of(field)) if blob else ""


def index_number(vault: Vault, number: str) -> bytes:
    """By which a person is found who has this identity number."""
    return vault.blind_index(number, purpose=NUMBER)


def index_household(vault: Vault, number: str) -> bytes:
    """By which a household is found that has this number, however it is spaced."""
    return vault.blind_index(compact(number), purpose=HOUSEHOLD)


def open_person(vault: Vault, person: Person) -> Facts:
    """What is known of a person, in plain."""
    facts = {name: getattr(person, name) for name in PLAIN}
    facts |= {name: open_field(vault, f"person.{name}", getattr(person, f"{name}_sealed")) for name in SEALED}
    return Facts(**facts)


def open_people(vault: Vault, people: Iterable[Person]) -> dict[tuple[UUID, int], Facts]:
    """The facts of many by id and version: what was opened before their rows are held is not opened again while they are."""
    return {(person.id, person.version): open_person(vault, person) for person in people}


def seal_person(vault: Vault, one: UUID, facts: Facts, as_of: date) -> WrittenPerson:
    """Somebody new, as kept. The tokens to be found by belong to this id and to no other."""
    sealed = [seal_field(vault, field, getattr(facts, name)) for name, field in _SEALED_FIELDS]
    found_by = tokens_of(vault, one, plain_of(facts)), alike_by(vault, facts)
    indexes = index_number(vault, facts.number), vault.blind_index(facts.name, purpose=NAME)
    return _written([*_plain(facts), *sealed, one, *indexes, as_of, *found_by, *_NEW.values()])


def seal_again(vault: Vault, person: Person, facts: Facts, fields: Collection[str], on: date) -> WrittenPerson:
    """Somebody known, as kept when these fields are other than before."""
    changed = {name: getattr(facts, name) for name in fields if name not in SEALED}
    changed |= {
        f"{name}_sealed": seal_field(vault, f"person.{name}", getattr(facts, name)) for name in fields if name in SEALED
    }
    if "name_sealed" in changed:
        changed["name_index"] = vault.blind_index(facts.name, purpose=NAME)
    if "number_sealed" in changed:
        changed["number_index"] = index_number(vault, facts.number)
    again = replace(person, **changed, as_of=max(on, person.as_of))
    found_anew, alike_anew = (not names.isdisjoint(fields) for names in (_FOUND_BY, _ALIKE_BY))
    return WrittenPerson(
        **vars(again),
        tokens=tokens_of(vault, again.id, plain_of(facts)) if found_anew else None,
        alike=alike_by(vault, facts) if alike_anew else None,
    )


def alike_by(vault: Vault, facts: Facts) -> list[int]:
    """By what somebody with these facts is found who is perhaps the same."""
    return likeness_of(vault, facts.name, facts.birth_date, facts.township, facts.village)


def plain_of(facts: Facts) -> Plain:
    """By what somebody with these facts is found."""
    phones = tuple(phone for phone in (facts.phone, facts.household_phone) if phone)
    return Plain(name=facts.name, number=facts.number, phones=phones)


def open_plain(vault: Vault, person: Person | ListedPerson) -> Plain:
    """The same of somebody as kept."""
    phones = person.phone_sealed, person.household_phone_sealed
    return Plain(
        name=open_field(vault, "person.name", person.name_sealed),
        number=open_field(vault, "person.number", person.number_sealed),
        phones=tuple(
            open_field(vault, f"person.{field}", sealed)
            for field, sealed in zip(("phone", "household_phone"), phones, strict=True)
            if sealed
        ),
    )


@cache
def _context_of(field: str) -> str:
    return f"registry.{field}"
