"""Who is who in a household (与户主关系): exactly one head, at most one spouse, of the other sex; the same for a file and a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key")
HEAD, SPOUSE = "户主", "配偶"


@dataclass(frozen=True)
class Kin(Generic[Key]):
    """One member by the row or the id that names them; no sex where the number does not tell it."""

    key: Key
    kinship: str
    sex: str | None


def judge_household(members: Sequence[Kin[Key]]) -> list[tuple[Key, str]]:
    """What does not fit, each with the member it is told of; a household without a head is told of its first."""
    heads = [each for each in members if each.kinship == HEAD]
    spouses = [each for each in members if each.kinship == SPOUSE]
    found = [(members[0].key, "head_missing")] if members and not heads else []
    found += [(each.key, "head_multiple") for each in heads[1:]]
    found += [(each.key, "spouse_multiple") for each in spouses[1:]]
    sex = heads[0].sex if heads else None
    return found + [(each.key, "spouse_same_sex") for each in spouses if sex and each.sex == sex]
