"""稳岗率(k): of those placed whose k-month check is due, who was in work on that day, at the same employer and at any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

RULE = "retention-rate 1"

Standing = Literal["same_employer", "other_employer", "left", "unreachable"]


@dataclass(frozen=True)
class Check:
    """What is known of a placed person on the day of the check: the work on that day, None for none, and the last finding."""

    same_employer: bool | None
    outcome: str | None = None
    grade: str | None = None


@dataclass(frozen=True)
class DueCheck:
    """One line of the list behind a rate: whose check was due when, and what is known of it."""

    introduction: UUID
    due_on: date
    check: Check


@dataclass(frozen=True)
class Rate:
    """Counts of one month's check as of a day: everyone whose check is due stands in exactly one of the four."""

    month: int
    as_of: date
    standings: Mapping[Standing, int]
    grades: Mapping[str, int] = field(default_factory=dict)
    rule: str = RULE

    @property
    def due(self) -> int:
        """The denominator; who could not be reached stays in it."""
        return sum(self.standings.values())

    @property
    def same_employer(self) -> int:
        return self.standings["same_employer"]

    @property
    def any_employer(self) -> int:
        return self.standings["same_employer"] + self.standings["other_employer"]


def standing_of(check: Check) -> Standing:
    """How a placed person stood on the day of the check."""
    if check.same_employer is None:
        return "left"
    if check.outcome not in (None, "in_work"):
        return "unreachable" if check.outcome == "unreachable" else "left"
    return "same_employer" if check.same_employer else "other_employer"


def retention_rate(checks: Iterable[tuple[Check, int]], month: int, as_of: date) -> Rate:
    """稳岗率 at `month` months as of a day, of checks and how often each was found. The caller divides."""
    standings: Counter[Standing] = Counter({"same_employer": 0, "other_employer": 0, "left": 0, "unreachable": 0})
    grades: Counter[str] = Counter()
    for check, times in checks:
        standing = standing_of(check)
        standings[standing] += times
        if standing in ("same_employer", "other_employer"):
            grades[check.grade or "unverified"] += times
    return Rate(month, as_of, dict(standings), dict(grades))
