"""A place for each person, and the hash by which two computations of it are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The result for one person; everything but the pseudonym is None where there is no place."""

    person: str
    vacancy: str | None = None
    seat: str | None = None
    utility: int | None = None
    priority: int | None = None


def hash_of(places: Iterable[Place]) -> str:
    """SHA-256 over `person TAB vacancy LF` of those placed, sorted by person as bytes."""
    return hash_of_pairs((place.person, place.vacancy) for place in places if place.vacancy is not None)


def hash_of_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """The same hash over pairs of pseudonym and vacancy."""
    lines = sorted((person.encode(), vacancy.encode()) for person, vacancy in pairs)
    return hashlib.sha256(b"".join(person + b"\t" + vacancy + b"\n" for person, vacancy in lines)).hexdigest()
