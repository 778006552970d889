"""Commit and reveal (先承诺, 后公开): nobody can choose pseudonyms, facts or a share of the seed to suit the lottery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from services.matching.rules.facts import Person, Vacancy, digest


def facts_of(people: Iterable[Person] | None, vacancies: Iterable[Vacancy] | None) -> str:
    """The digests of a participant's people and vacancies, `people:vacancies`; empty where it brings none."""
    return f"{'' if people is None else digest(people)}:{'' if vacancies is None else digest(vacancies)}"


def allotment_fits(facts: str, vacancies: Iterable[Vacancy]) -> bool:
    """Whether vacancies are those that a city had committed to."""
    return facts.partition(":")[2] == digest(vacancies)


def commitment_of(facts: str, share: str) -> str:
    """SHA-256 over the digest of the facts and the share (64 hexadecimal digits)."""
    return hashlib.sha256(f"{facts}\n{share}".encode()).hexdigest()


def seed_of(shares: Mapping[str, str]) -> str:
    """The run's seed: the first 16 bytes of SHA-256 over the shares in the order of the nodes, as 32 hexadecimal digits."""
    ordered = "".join(shares[node] for node in sorted(shares))
    return hashlib.sha256(ordered.encode()).hexdigest()[:32]


def misfits(commitments: Mapping[str, str], facts: Mapping[str, str], shares: Mapping[str, str]) -> list[str]:
    """Nodes whose revealed facts and share are not what they had committed to, or that revealed nothing."""
    return sorted(
        node
        for node, commitment in commitments.items()
        if node not in shares or node not in facts or commitment_of(facts[node], shares[node]) != commitment
    )
