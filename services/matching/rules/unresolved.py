"""Whom the passes did not suffice for (余案), in words: a run names them, and an officer settles them by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.matching.rules.introductions.wording import Wording


@dataclass(frozen=True)
class UnsettledPerson:
    """One person of a couple or group for which the passes did not suffice; `person` is the registry's id."""

    pseudonym: str
    person: UUID
    case: str


# By the cases of rules.couples and rules.fellows.
CASES: Mapping[str, Wording] = {
    "only_apart": Wording("夫妻只愿同城，仅一人有岗位", "A couple that goes only together; one of them has a place"),
    "only_unplaced": Wording("夫妻只愿同城，两人均无岗位", "A couple that goes only together; neither has a place"),
    "preferred_apart": Wording(
        "夫妻愿同城，尚未安排在同一城市", "A couple that would rather be together is not in one city yet"
    ),
    "fellows_apart": Wording("同村结伴小组尚未安排在同一城市", "A group of fellow villagers is not in one city yet"),
}
