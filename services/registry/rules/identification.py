"""Who is a labourer (劳动力): of an age to work, able to, not at school; by the rule of the day, with the reason for every no.

The rules are data (`identification.json`), each with its version and the day from which it counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol, TypeVar

from libs.common.calendar import add_days, last_quarter_end
from libs.common.row_mapping import replaced


@dataclass(frozen=True)
class Rule:
    """One version. `ability_needed`: whether an empty 劳动技能 is a reason for a no."""

    version: str
    counts_from: date
    youngest: int
    oldest: int
    unable: tuple[str, ...]
    ability_needed: bool


@dataclass(frozen=True)
class Verdict:
    """Yes or no, with every reason that holds: age, in_school, unable, ability_unknown (no reason: a labourer)."""

    labourer: bool
    reasons: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Standing:
    """The day and the rule by which everybody of the register is judged (认定基准日)."""

    day: date
    rule: str


class Judged(Protocol):
    """What has the grounds of a verdict."""

    @property
    def birth_date(self) -> date: ...
    @property
    def ability(self) -> str: ...
    @property
    def pupil(self) -> str: ...


Of = TypeVar("Of", bound=Judged)


@cache
def rules() -> tuple[Rule, ...]:
    """All versions, the newest last."""
    told = json.loads((files("services.registry.rules") / "identification.json").read_text(encoding="utf-8"))
    read = (
        Rule(**{**each, "counts_from": date.fromisoformat(each["counts_from"]), "unable": tuple(each["unable"])})
        for each in told["rules"]
    )
    return tuple(sorted(read, key=lambda rule: rule.counts_from))


@cache
def older_from() -> dict[str, int]:
    """大龄: by sex, from which age on."""
    told = json.loads((files("services.registry.rules") / "identification.json").read_text(encoding="utf-8"))
    return {str(sex): int(age) for sex, age in told["older"]["from"].items()}


@lru_cache(maxsize=1024)
def rule_on(day: date) -> Rule:
    """The rule that counts on a day."""
    return [rule for rule in rules() if rule.counts_from <= day][-1]


def rule_of(version: str) -> Rule:
    return next(rule for rule in rules() if rule.version == version)


def standing_on(day: date) -> Standing:
    """The end of a quarter on that day or before: only at those is a register judged, so that no verdict tells a birthday."""
    end = last_quarter_end(add_days(day, 1))
    return Standing(end, rule_on(end).version)


def age_on(birth: date, day: date) -> int:
    """Full years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def is_older(sex: str, birth: date, on: date) -> bool:
    """大龄劳动力 by the standard ages."""
    return age_on(birth, on) >= older_from().get(sex, max(older_from().values()))


def identify(birth: date, ability: str, pupil: str, as_of: date) -> Verdict:
    """A member of a registered household by the rule of that day. `ability` is 劳动技能, `pupil` 在校生状况 (empty: not at school)."""
    rule = rule_on(as_of)
    reasons = (
        ("age", not rule.youngest <= age_on(birth, as_of) <= rule.oldest),
        ("in_school", bool(pupil)),
        ("unable", ability in rule.unable),
        ("ability_unknown", rule.ability_needed and not ability),
    )
    holding = tuple(name for name, holds in reasons if holds)
    return Verdict(not holding, holding, rule.version)


def judged(one: Of, standing: Standing, **also: object) -> Of:
    """With the verdict of the register's day, and what else is other."""
    verdict = identify(one.birth_date, one.ability, one.pupil, standing.day)
    return replaced(one, labourer=verdict.labourer, reasons=list(verdict.reasons), **also)
