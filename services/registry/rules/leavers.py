"""School leavers (两后生): who left school after 初中 or 高中 without going on, by the rule of the day, and what each is going to do.

Like a verdict, it is judged by the end of a quarter, so that no list tells a birthday. The rules are data (`leavers.json`).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Literal, get_args
from uuid import UUID

from libs.common.problems import Conflict, said_in_both
from services.registry.rules.identification import age_on, standing_on

# 打算, as somebody has asked and noted it: 升学、就业、参训、暂不.
Plan = Literal["further_study", "work", "training", "not_now"]
# What the register knows without asking stands before that: an open application, then work, then a course that was completed.
StandingPlan = Literal[
    "applied", "waiting", "admitted", "at_work", "completed", "placed", "further_study", "work", "training", "not_now"
]
STANDING_PLANS: tuple[StandingPlan, ...] = get_args(StandingPlan)


class NotLeaver(Conflict):
    title = "此人不是两后生 This person is no school leaver"


@dataclass(frozen=True)
class LeaverRule:
    """One version: both ages are included, `education` is what they left with."""

    version: str
    counts_from: date
    youngest: int
    oldest: int
    education: tuple[str, ...]


@dataclass(frozen=True)
class LeaverWindow:
    """The rule of a day as a list asks for it: born after `born_after` and on `born_until` at the latest."""

    judged_on: date
    rule: str
    born_after: date
    born_until: date
    education: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SaidPlan:
    """打算: what a leaver is going to do, as was said on a day and by whom it was noted."""

    id: UUID
    person: UUID
    plan: Plan
    said_on: date
    note: str
    noted_by: str
    at: datetime

    def says(self, plan: Plan, said_on: date, note: str) -> bool:
        """Whether it is the same word once more."""
        return (self.plan, self.said_on, self.note) == (plan, said_on, note)


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """A leaver as a list shows one; `plan` is None where nobody knows of any, `noted_by` whoever asked."""

    id: UUID
    household: UUID
    name_sealed: bytes
    phone_sealed: bytes | None
    household_phone_sealed: bytes | None
    sex: str
    birth_date: date
    township: str
    village: str
    education: str
    willing: bool | None
    training: str | None
    work_place: str | None
    plan: StandingPlan | None
    said_on: date | None
    noted_by: str | None
    note: str | None


@dataclass(frozen=True)
class LeaversOfTownship:
    """How many there are in a township, and of how many nobody knows a plan."""

    township: str
    people: int
    unplanned: int


@dataclass(frozen=True, kw_only=True)
class LeaversWanted:
    """What a list is narrowed to; None does not narrow. `planned` False is whom nobody knows a plan of."""

    township: str | None = None
    village: str | None = None
    planned: bool | None = None
    plan: StandingPlan | None = None


@cache
def leaver_rules() -> tuple[LeaverRule, ...]:
    """All versions, the newest last."""
    told = json.loads((files("services.registry.rules") / "leavers.json").read_text(encoding="utf-8"))
    read = (
        LeaverRule(
            **{**each, "counts_from": date.fromisoformat(each["counts_from"]), "education": tuple(each["education"])}
        )
        for each in told["rules"]
    )
    return tuple(sorted(read, key=lambda rule: rule.counts_from))


def leaver_rule_on(day: date) -> LeaverRule:
    """The rule that counts on a day."""
    return [rule for rule in leaver_rules() if rule.counts_from <= day][-1]


def leaver_window(as_of: date) -> LeaverWindow:
    """Judged by the end of the quarter that is over on that day."""
    day = standing_on(as_of).day
    rule = leaver_rule_on(day)
    return LeaverWindow(
        judged_on=day,
        rule=rule.version,
        born_after=day.replace(year=day.year - rule.oldest - 1),
        born_until=day.replace(year=day.year - rule.youngest),
        education=rule.education,
    )


def why_no_leaver(birth: date, education: str, pupil: str, as_of: date) -> tuple[str, ...]:
    """Every ground on which somebody is none: age, in_school, education; empty for a leaver."""
    window = leaver_window(as_of)
    rule = leaver_rule_on(window.judged_on)
    grounds = (
        ("age", not rule.youngest <= age_on(birth, window.judged_on) <= rule.oldest),
        ("in_school", bool(pupil)),
        ("education", education not in rule.education),
    )
    return tuple(name for name, holds in grounds if holds)


_GROUNDS = {
    "age": ("年龄不在范围内", "the age is not within the rule's"),
    "in_school": ("仍在校", "still at school"),
    "education": ("文化程度不是初中或高中", "schooling is not that of a middle school alone"),
}


def check_leaver(birth: date, education: str, pupil: str, as_of: date) -> None:
    """A plan of somebody who is none is refused, with every reason. Raises NotLeaver."""
    found = why_no_leaver(birth, education, pupil, as_of)
    if found:
        raise NotLeaver(_say(found, leaver_window(as_of)))


def _say(found: Collection[str], window: LeaverWindow) -> str:
    chinese, english = zip(*(_GROUNDS[each] for each in found), strict=True)
    return said_in_both(
        f"「{window.rule}」按「{window.judged_on}」认定：{'；'.join(chinese)}",
        f"by {window.rule} on {window.judged_on}: {'; '.join(english)}.",
    )
