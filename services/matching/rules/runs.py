"""A run (匹配轮次) as every node keeps it: who takes part, how far it is, and which step may follow which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.problems import Conflict, Gone, Invalid, NotFound

ANNOUNCED, COMMITTED, OPEN, CLOSED, SETTLED, STOPPED = "announced", "committed", "open", "closed", "settled", "stopped"
PLAYED = (OPEN, CLOSED, SETTLED)
_WITHIN_PASS = {OPEN: 0, CLOSED: 1, SETTLED: 2}


class RunNotFound(NotFound):
    title = "没有这一轮匹配 No such run"


class RunForgotten(Gone):
    title = "这一轮的往来消息已不再保留 What was said in this run is no longer kept"


class NotTheConvener(Conflict):
    title = "本节点不是召集方 This node does not convene the run"


class NotInTheRun(Conflict):
    title = "本节点不参加这一轮 This node does not take part in the run"


class WrongStep(Conflict):
    title = "这一轮现在不能这样做 Not at this step of the run"


class AllotmentRefused(Invalid):
    title = "配额无效 The allotment is not valid"


# The number under which the people file lies with which everybody entered; passes count from 1.
AS_ENTERED = 0


@dataclass(frozen=True)
class Run:
    """`number` is the pass that the run is in (0 before it is open); `settled` the last pass whose places may be offered."""

    run: UUID
    convener: str
    counties: tuple[str, ...]
    cities: tuple[str, ...]
    as_of: date
    weights: str
    deadline: date
    weights_digest: str | None = None
    state: str = ANNOUNCED
    number: int = 0
    seed: str | None = None
    hash: str | None = None
    placed: int | None = None
    settled: int | None = None
    reason: str | None = None
    missing: tuple[str, ...] = ()
    residue: int = 0
    own_facts: str | None = None
    own_share: str | None = None
    dispute: str | None = None
    commitments: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    forgotten: bool = False

    def with_messages(self) -> Run:
        """The run, if its cards and cutoffs are still kept; places, counts and certificates are kept without end. Raises RunForgotten."""
        if self.forgotten:
            raise RunForgotten(f"run {self.run}")
        return self

    @property
    def participants(self) -> tuple[str, ...]:
        return tuple(sorted({*self.counties, *self.cities}))

    @property
    def city_codes(self) -> tuple[str, ...]:
        """Division codes of the cities: `n440300` is 440300."""
        return tuple(node[1:] for node in self.cities)

    @property
    def awaits_entry(self) -> bool:
        """Whether this node has not committed yet, and still may."""
        return self.state == ANNOUNCED and self.own_share is None and self.dispute is None

    @property
    def is_under_way(self) -> bool:
        """Whether passes may be played: the seed is known and nothing is disputed."""
        return self.state in PLAYED and self.seed is not None and self.dispute is None


@dataclass(frozen=True)
class Pass:
    """One pass as a node keeps it. `started`: this node holds cards as a city; `closing`: the convener's closing table.

    The marks change whenever the node moves as a county or as a city.
    """

    number: int
    reason: str
    base: int
    frozen: bool = False
    started: bool = False
    reviewed: bool = False
    offered: bool = False
    closing: Mapping[str, object] | None = None
    rounds: int = 0
    refused: int = 0
    displaced: int = 0
    displaced_across: int = 0
    placed: int = 0
    county_mark: UUID | None = None
    city_mark: UUID | None = None

    @property
    def tallies(self) -> PassTallies:
        """As far as this node has counted."""
        return PassTallies(self.rounds, self.placed, self.refused, self.displaced, self.displaced_across)

    @property
    def county_has_begun(self) -> bool:
        """Whether this node's people have declared their facts and proposed."""
        return self.county_mark is not None

    def has_begun(self, node: str, run: Run) -> bool:
        """Whether a node has made its first move in every part that it takes."""
        return (self.started or node not in run.cities) and (self.county_has_begun or node not in run.counties)


@dataclass(frozen=True)
class PassMessage:
    """A batch of cards, cutoffs or frozen places as it came from another node, or a vacancy that this one has withdrawn.

    `data` is what the event said, as JSON keeps it.
    """

    kind: str
    sender: str
    batch: int
    round: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class ChannelCount:
    """Some work towards a counterpart: cards or cutoffs sent in so many batches and bytes, or handled."""

    kind: str
    counterpart: str
    sent: int = 0
    handled: int = 0
    bytes: int = 0
    batches: int = 0

    def plus(self, more: ChannelCount) -> ChannelCount:
        """Both together, on the same channel."""
        return ChannelCount(
            self.kind,
            self.counterpart,
            self.sent + more.sent,
            self.handled + more.handled,
            self.bytes + more.bytes,
            self.batches + more.batches,
        )


@dataclass(frozen=True)
class PassTallies:
    """What has come of a pass so far; `displaced` had been held and fell out, `displaced_across` gave way to another county's."""

    rounds: int = 0
    placed: int = 0
    refused: int = 0
    displaced: int = 0
    displaced_across: int = 0


@dataclass(frozen=True)
class CityCertificate:
    """A city's signed cutoffs (JWS) of a pass; `verified`: at a county, whether its people's places follow from all of them."""

    city: str
    certificate: str
    verified: bool | None
    faults: Sequence[str]


def is_later(run: Run, state: str, number: int) -> bool:
    """Whether a step lies ahead of where the run is here: a convener is ahead of its own announcements."""
    return _rank(state, number) > _rank(run.state, run.number)


def _rank(state: str, number: int) -> tuple[int, int, int]:
    if state == STOPPED:
        return 3, 0, 0
    if state in _WITHIN_PASS:
        return 2, number, _WITHIN_PASS[state]
    return (1 if state == COMMITTED else 0), 0, 0
