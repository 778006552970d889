"""Perhaps the same person (疑似重复): by which rule two people are alike, and the pair that waits until somebody decides.

The rules are versioned: a pair says by which one it was found. None of them refuses anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple, Self, get_args
from uuid import UUID

from libs.common.problems import Conflict, NotFound
from services.registry.rules.name_variants import folded_name
from services.registry.rules.pinyin import readings

RULES = "same-person-1"
# From the strongest to the weakest; `stated`: an officer says so.
Rule = Literal[
    "same_name_birth", "same_sound_birth", "near_name_village", "same_sound_household", "same_sound_village", "stated"
]
RULE_NAMES: tuple[Rule, ...] = get_args(Rule)
# 来源: a form, a file, a phone, what another service told; whoever was in the register before their keys were made.
Way = Literal["form", "file", "phone", "event", "self", "register"]
PairState = Literal["open", "same", "different"]

NAME_BIRTH, SOUND_BIRTH, NEAR_VILLAGE, SOUND_VILLAGE = range(4)


class PairNotFound(NotFound):
    title = "没有这一对 No such pair"


class PairDecided(Conflict):
    title = "这一对已裁决 This pair is decided already"


class LikenessKey(NamedTuple):
    """What two people have in common who are alike in one way; keys of different kinds are never equal."""

    kind: int
    text: str


@dataclass(frozen=True)
class Alike:
    """Somebody with their keys, and what a rule looks at besides. `id` is who they are now, where they were merged into another."""

    id: UUID
    household: UUID
    birth_date: date
    keys: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two people, the one who was entered first before the other, and why they are perhaps one."""

    id: UUID
    one: UUID
    other: UUID
    rule: str
    rules: str
    way: str
    batch: UUID | None
    found_by: str
    found_at: datetime
    state: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    merge: UUID | None = None
    version: int = 1

    def decided(self, state: PairState, by: str, at: datetime, reason: str | None, merge: UUID | None = None) -> Self:
        return replace(
            self, state=state, decided_by=by, decided_at=at, reason=reason, merge=merge, version=self.version + 1
        )


def likeness_keys(name: str, birth: date, township: str, village: str) -> set[LikenessKey]:
    """By what somebody is found who is perhaps the same: name or sound with the birth date, sound in the village, and in the
    village on one birth date the name with any one character left out."""
    folded, place = folded_name(name), f"{township}/{village}"
    sound = " ".join(sounds[0] for sounds in readings(folded))
    keys = {LikenessKey(NAME_BIRTH, f"{birth} {folded}")}
    keys |= {
        LikenessKey(NEAR_VILLAGE, f"{place} {birth} {folded[:at]}_{folded[at + 1 :]}") for at in range(len(folded))
    }
    if sound:
        keys |= {LikenessKey(SOUND_BIRTH, f"{birth} {sound}"), LikenessKey(SOUND_VILLAGE, f"{place} {sound}")}
    return keys


def kind_of(key: int) -> int:
    """A key as it is kept says in its last two bits of which kind it is."""
    return key & 3


def rule_for(one: Alike, other: Alike) -> Rule | None:
    """The strongest rule by which two people are alike."""
    kinds = {kind_of(key) for key in one.keys & other.keys}
    if NAME_BIRTH in kinds:
        return "same_name_birth"
    if SOUND_BIRTH in kinds:
        return "same_sound_birth"
    if NEAR_VILLAGE in kinds:
        return "near_name_village"
    if SOUND_VILLAGE in kinds and one.household == other.household:
        return "same_sound_household"
    return "same_sound_village" if SOUND_VILLAGE in kinds and _differ_in_one_part(one, other) else None


def _differ_in_one_part(one: Alike, other: Alike) -> bool:
    """Of year, month and day at most one is another: a slip of the pen."""
    parts = zip(one.birth_date.timetuple()[:3], other.birth_date.timetuple()[:3], strict=True)
    return sum(a != b for a, b in parts) <= 1


def find_pairs(entered: Iterable[Alike], known: Sequence[Alike]) -> dict[tuple[UUID, UUID], Rule]:
    """Whoever of those who are known is perhaps one of those who were entered, the pair in the order of entry."""
    by_key: dict[int, list[Alike]] = {}
    for each in known:
        for key in each.keys:
            by_key.setdefault(key, []).append(each)
    found: dict[tuple[UUID, UUID], Rule] = {}
    for one in entered:
        near = {other.id: other for key in one.keys for other in by_key.get(key, ()) if other.id != one.id}
        for other in near.values():
            if rule := rule_for(one, other):
                found.setdefault((min(one.id, other.id), max(one.id, other.id)), rule)
    return found
