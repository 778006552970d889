"""补贴: policies as data, what an application still lacks, and the amount. Rules differ by region and year, never by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from libs.common import problems
from libs.common.calendar import add_days
from services.retention.rules.spells import Spell, covers, days_worked

DAYS_OF_A_MONTH = 30
RefusedBecause = Literal["already_claimed", "unknown_introduction"]
ALREADY_CLAIMED, UNKNOWN_INTRODUCTION = "already_claimed", "unknown_introduction"

State = Literal["open", "asked", "granted", "refused"]


class UnknownPolicy(problems.NotFound):
    title = "没有这项政策 No such policy here"


class ClaimIsDecided(problems.Conflict):
    title = "已办结 The claim is decided"


@dataclass(frozen=True)
class Policy:
    """One subsidy: who works where and how long gets how much, and the papers that show it."""

    policy: str
    version: str
    name: str
    valid_from: date
    valid_to: date
    months: int
    amounts: Mapping[str, int]
    papers: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim: `open` until complete, `asked` while the home county's ledger decides, then `granted` or `refused`."""

    id: UUID
    county: str
    region: str
    person: UUID | None
    introduction: UUID
    policy: str
    rule: str
    period: str
    amount_fen: int
    state: State
    on: date
    decided_on: date | None = None
    reason: str | None = None
    earlier_region: str | None = None
    earlier_period: str | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """台账: one subsidy granted to one of the county's people, by whichever region."""

    person: UUID
    policy: str
    period: str
    region: str
    claim: UUID
    amount_fen: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Decision:
    """How a claim was settled; a refusal names its reason, and the earlier claim where there is one."""

    granted: bool
    on: date
    reason: str | None = None
    earlier_region: str | None = None
    earlier_period: str | None = None


@dataclass(frozen=True)
class Lacking:
    """One thing that is still missing: how much there is of how much, and from when time alone will have brought it."""

    what: str
    have: int
    need: int
    due_on: date | None = None

    def __str__(self) -> str:
        return f"{self.what}: {self.have} of {self.need}"


@dataclass(frozen=True)
class Clock:
    """What a claim still lacks as of a day, by which rule; with nothing lacking it is complete."""

    as_of: date
    rule: str
    lacking: Sequence[Lacking]


def read_policy(content: Mapping[str, Any], version: str) -> Policy:
    return Policy(
        policy=content["policy"],
        version=version,
        name=content["name"],
        valid_from=date.fromisoformat(content["valid_from"]),
        valid_to=date.fromisoformat(content["valid_to"]),
        months=content["months_of_work"],
        amounts=dict(content["amount_fen_by_work_place"]),
        papers=dict(content["papers"]),
    )


def find_policy(policies: Iterable[tuple[str, Policy]], policy: str, region: str, day: date) -> Policy:
    """The policy in force in a region on a day: the one of the most particular region prefix that has it."""
    known = [
        (len(prefix), found)
        for prefix, found in policies
        if found.policy == policy and region.startswith(prefix) and found.valid_from <= day <= found.valid_to
    ]
    if not known:
        raise UnknownPolicy(f"{region} 在 {day} 没有政策「{policy}」 No policy {policy} in {region} on {day}.")
    return max(known, key=lambda item: item[0])[1]


def period_of(day: date) -> str:
    """The period that a subsidy is paid for: the calendar year."""
    return str(day.year)


def clock_of(
    claim: Claim, policy: Policy, spells: Sequence[Spell], papers: Iterable[tuple[str, str]], as_of: date
) -> Clock:
    """The clock of a claim on a day."""
    return Clock(as_of, claim.rule, what_is_lacking(policy, spells, papers, as_of))


def entry_of(claim: Claim, on: date) -> LedgerEntry:
    """What the home county's ledger is to hold of a complete claim of its own."""
    assert claim.person is not None, "the home county knows whom an introduction is about"
    return LedgerEntry(
        person=claim.person,
        policy=claim.policy,
        period=claim.period,
        region=claim.region,
        claim=claim.id,
        amount_fen=claim.amount_fen,
        on=on,
    )


def decide(earlier: LedgerEntry | None, on: date) -> Decision:
    """One person, one policy, one period: granted, or refused with the earlier entry."""
    if earlier is None:
        return Decision(granted=True, on=on)
    return Decision(
        granted=False, on=on, reason=ALREADY_CLAIMED, earlier_region=earlier.region, earlier_period=earlier.period
    )


def what_is_lacking(
    policy: Policy, spells: Sequence[Spell], papers: Iterable[tuple[str, str]], as_of: date
) -> list[Lacking]:
    """Time in work (30 days a month) and papers, each kind and month counted once; empty is complete."""
    have = days_worked(spells, as_of) // DAYS_OF_A_MONTH
    lacking = (
        [] if have >= policy.months else [Lacking("months_of_work", have, policy.months, _due(policy, spells, as_of))]
    )
    seen = set(papers)
    for kind, need in policy.papers.items():
        count = sum(1 for paper, _ in seen if paper == kind)
        if count < need:
            lacking.append(Lacking(kind, count, need))
    return lacking


def _due(policy: Policy, spells: Sequence[Spell], as_of: date) -> date | None:
    """When the months will be full if the person goes on working; None for who is not in work."""
    if not any(covers(spell, as_of) for spell in spells):
        return None
    return add_days(as_of, policy.months * DAYS_OF_A_MONTH - days_worked(spells, as_of))


def amount_of(policy: Policy, place: str) -> int:
    """Fen for a place of work (务工所在地); 422 when the policy pays nothing there."""
    if place not in policy.amounts:
        raise problems.refuse_field(
            "/policy", "not_for_this_place", f"务工地 {place} 不在补贴范围 Nothing is paid for {place}."
        )
    return policy.amounts[place]
