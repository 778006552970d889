"""稳岗率(k): of those placed whose k-month check is due, who was in work on that day, at the same employer and at any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.calendar import add_months
from services.retention.rules.calendar import quarter_of
from services.retention.rules.spells import Spell

RULE = "retention-rate 1"

Standing = Literal["same_employer", "other_employer", "left", "unreachable"]


@dataclass(frozen=True)
class Answer:
    """A quarter's answer to the verification of one placement."""

    quarter: str
    outcome: str
    grade: str | None
    on: date


@dataclass(frozen=True)
class Placement:
    """One placing (an introduction that led to work): its first spell, all spells of that person, the answers given."""

    first: Spell
    spells: Sequence[Spell]
    answers: Sequence[Answer] = ()


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


def check_day(placement: Placement, month: int) -> date:
    return add_months(placement.first.start, month)


def standing_of(placement: Placement, month: int, as_of: date) -> Standing:
    """How a placed person stood on the day of the k-month check, by what was answered up to `as_of`."""
    day = check_day(placement, month)
    spell = next((spell for spell in placement.spells if spell.covers(day)), None)
    if spell is None:
        return "left"
    answer = answer_about(placement, day, as_of)
    if answer is not None and answer.outcome != "in_work":
        return "unreachable" if answer.outcome == "unreachable" else "left"
    return "same_employer" if spell.employer == placement.first.employer else "other_employer"


def answer_about(placement: Placement, day: date, as_of: date) -> Answer | None:
    """The last answer for the quarter of the day that was given between that day and `as_of`."""
    given = [a for a in placement.answers if a.quarter == quarter_of(day) and day <= a.on <= as_of]
    return max(given, key=lambda answer: answer.on, default=None)


@dataclass(frozen=True)
class Checked:
    """One line of the list behind a rate: whose check was due when, how it stands, by what evidence."""

    introduction: UUID
    due_on: date
    standing: Standing
    grade: str | None


def check_all(placements: Iterable[Placement], month: int, as_of: date) -> list[Checked]:
    """Everyone whose k-month check is due by a day, in the order given."""
    return [_check(placement, month, as_of) for placement in placements if check_day(placement, month) <= as_of]


def _check(placement: Placement, month: int, as_of: date) -> Checked:
    day = check_day(placement, month)
    answer = answer_about(placement, day, as_of)
    return Checked(
        placement.first.introduction, day, standing_of(placement, month, as_of), answer.grade if answer else None
    )


def retention_rate(placements: Iterable[Placement], month: int, as_of: date) -> Rate:
    """稳岗率 at `month` months as of a day. Numerators and denominator are counts; the caller divides."""
    standings: Counter[Standing] = Counter({"same_employer": 0, "other_employer": 0, "left": 0, "unreachable": 0})
    grades: Counter[str] = Counter()
    for one in check_all(placements, month, as_of):
        standings[one.standing] += 1
        if one.standing in ("same_employer", "other_employer"):
            grades[one.grade or "unverified"] += 1
    return Rate(month, as_of, dict(standings), dict(grades))
