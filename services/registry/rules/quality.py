"""Data quality (数据质量): the rules as data, each with its severity and what to do; what was found, and how complete a place is.

`quality.json` holds them with a version: whoever changes a rule there changes the version, and everybody is judged again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID

from libs.common.problems import Conflict, NotFound
from services.registry.rules.heads import Kin, judge_household
from services.registry.rules.identification import age_on
from services.registry.rules.numbers import IdNumber, read_id_number
from services.registry.rules.report import SEVERITY
from services.registry.rules.wording import WORDS

Severity = Literal["error", "warning"]
State = Literal["open", "accepted"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `fields` may be wrong, `facts` are what it looks at; without a `required` fact somebody's card is not complete.

    A `household` rule looks at everybody of a household. `raises` and `passes` are examples, each a household.
    """

    id: str
    severity: Severity
    zh: str
    en: str
    repair_zh: str
    repair_en: str
    fields: tuple[str, ...]
    facts: tuple[str, ...]
    required: bool = False
    household: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)
    raises: tuple[Mapping[str, Any], ...] = ()
    passes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class EntryRule:
    """What is judged on the way in alone: it keeps a row out, or is told in the import's report."""

    id: str
    severity: str
    zh: str
    en: str


@dataclass(frozen=True)
class RuleSet:
    """One version of all rules, by id."""

    version: str
    counts_from: date
    source: str
    rules: Mapping[str, Rule]
    entry: tuple[EntryRule, ...]
    sound: Mapping[str, Any]

    def of_severity(self, severity: Severity) -> list[str]:
        return [each.id for each in self.rules.values() if each.severity == severity]

    @cached_property
    def ages(self) -> list[int]:
        """The birthdays on which a verdict may change, the youngest first."""
        limits = [each.limits for each in self.rules.values()]
        return sorted({age for each in limits if "youngest" in each for age in (each["youngest"], each["oldest"] + 1)})


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of a household with everything that a rule looks at, in plain."""

    id: UUID
    household: UUID
    number: str
    phone: str
    household_phone: str
    sex: str
    birth_date: date
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    disability: str
    political_status: str
    work_employer: str
    work_months: int
    low_income: bool
    destitute: bool
    labourer: bool
    work_place: str | None
    channel: str | None
    source: str | None
    willing: bool | None
    wage_expected: int | None
    wage_minimum: int | None

    @cached_property
    def phones(self) -> set[str]:
        return {each for each in (self.phone, self.household_phone) if each}

    @cached_property
    def read_number(self) -> IdNumber:
        """What the number says: three rules ask."""
        return read_id_number(self.number)


@dataclass(frozen=True, kw_only=True)
class KeptMember:
    """The same as kept: what names somebody is sealed."""

    id: UUID
    household: UUID
    number_sealed: bytes
    phone_sealed: bytes | None
    household_phone_sealed: bytes | None
    sex: str
    birth_date: date
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    disability: str
    political_status: str
    work_employer: str
    work_months: int
    low_income: bool
    destitute: bool
    labourer: bool
    work_place: str | None
    channel: str | None
    source: str | None
    willing: bool | None
    wage_expected: int | None
    wage_minimum: int | None


@dataclass(frozen=True)
class Home:
    """A household on a day; `phones_elsewhere` are those of its phones that another household has too."""

    members: tuple[Member, ...]
    on: date
    phones_elsewhere: frozenset[str] = frozenset()

    @cached_property
    def ages(self) -> Mapping[UUID, int]:
        return {one.id: age_on(one.birth_date, self.on) for one in self.members}

    @cached_property
    def kin(self) -> list[tuple[Member, str]]:
        """What does not fit of heads and spouses, judged as in a file."""
        return judge_household([Kin(one, one.kinship, one.sex) for one in self.members])


@dataclass(frozen=True)
class Found:
    """What does not fit: of whom, by which rule, in which field. `grounds` are the facts it rests on."""

    person: UUID
    rule: str
    field: str
    grounds: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Somebody whom the rules have judged, and when they may judge otherwise although nothing has changed."""

    person: UUID
    household: UUID
    township: str
    village: str
    complete: bool
    again_on: date | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """发现的问题 as it stands: open until the fact is other, or somebody has accepted it with a reason."""

    id: UUID
    person: UUID
    household: UUID
    township: str
    village: str
    rule: str
    field: str
    state: State
    found_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    reason: str | None
    version: int


@dataclass(frozen=True, kw_only=True)
class NamedFinding(Finding):
    """With the name of the person, as kept."""

    name_sealed: bytes


@dataclass(frozen=True)
class Count:
    """One figure of a village: `people`, `complete`, or by rule the findings `open` or `accepted`."""

    township: str
    village: str
    rule: str
    figure: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How good the data of a place is: complete are people of whom nothing required is missing."""

    people: int
    complete: int
    errors: int
    warnings: int
    accepted: int
    rules: dict[str, int]

    @property
    def completeness(self) -> float | None:
        return round(self.complete / self.people, 4) if self.people else None


class FindingNotFound(NotFound):
    title = "没有这个问题，或已改正 No such finding, or it has been put right"


class FindingAccepted(Conflict):
    title = "该问题已被认可 This finding has been accepted already"


@cache
def rule_set() -> RuleSet:
    """The version that counts."""
    told = json.loads((files("services.registry.rules") / "quality.json").read_text(encoding="utf-8"))
    rules = [Rule(**each | {name: tuple(each[name]) for name in _LISTS}) for each in told["rules"]]
    entry = tuple(EntryRule(code, SEVERITY[code], *WORDS[code]) for code in told["entry"])
    since = date.fromisoformat(told["counts_from"])
    return RuleSet(told["version"], since, told["source"], {each.id: each for each in rules}, entry, told["sound"])


_LISTS = ("fields", "facts", "raises", "passes")


def sum_up(counts: Iterable[Count]) -> Quality:
    """The quality of the places that these figures are of."""
    rules, sums, found = rule_set().rules, {"people": 0, "complete": 0, "accepted": 0}, dict[str, int]()
    for each in counts:
        if each.figure == "open":
            found[each.rule] = found.get(each.rule, 0) + each.amount
        else:
            sums[each.figure] += each.amount
    by_severity = {severity: 0 for severity in ("error", "warning")}
    for rule, amount in found.items():
        by_severity[rules[rule].severity] += amount
    holding = {rule: found[rule] for rule in rules if found.get(rule)}
    return Quality(**sums, errors=by_severity["error"], warnings=by_severity["warning"], rules=holding)
