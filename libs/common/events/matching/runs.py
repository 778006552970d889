"""What the convener says of a run: announced, committed, opened, closed, settled or stopped."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from libs.common.events.matching.parts import Part, RunStep


class RunAnnounced(RunStep):
    """The convener announces a run: who takes part, the day on which facts hold, the weights' version, the deadline.

    `weights_digest` is that of the weights as the convener published them; without it they are those shipped with the code.
    """

    TYPE: ClassVar[str] = "matching.run.announced.v1"

    convener: str
    counties: tuple[str, ...]
    cities: tuple[str, ...]
    as_of: date
    weights: str
    deadline: date
    weights_digest: str | None = None


class RunCommitted(RunStep):
    """Every commitment is in and listed; nobody can change people or share any more."""

    TYPE: ClassVar[str] = "matching.run.committed.v1"

    commitments: dict[str, str]


class RunOpened(RunStep):
    """All shares are revealed; the seed is the first 16 bytes of SHA-256 over the shares in the order of the nodes."""

    TYPE: ClassVar[str] = "matching.run.opened.v1"

    seed: str
    shares: dict[str, str]
    facts: dict[str, str]


class Channel(Part):
    """Distinct cards (county to city) or cutoff updates (city to county) of one pass, and the bytes of their events."""

    kind: Literal["cards", "cutoffs"]
    sender: str
    receiver: str
    sent: int
    handled: int
    bytes: int = 0


class PassClosed(RunStep):
    """Sent equals handled on every channel and all are idle; the table is here so that each node can check its own part.

    `rounds` is the longest chain of card batches and cutoffs, `displaced` people who had been held and fell out,
    `displaced_across` those of them who gave way to another county's.
    """

    TYPE: ClassVar[str] = "matching.pass.closed.v1"

    number: int
    channels: tuple[Channel, ...]
    rounds: int = 0
    placed: int = 0
    refused: int = 0
    displaced: int = 0
    displaced_across: int = 0


class PassOpened(RunStep):
    """A new pass from scratch: couples chose a city, or places came free; frozen places have left the market.

    `base` is the pass whose allotments hold: 1, or the last one that was opened for freed places.
    """

    TYPE: ClassVar[str] = "matching.pass.opened.v1"

    number: int
    reason: Literal["couples", "freed"]
    base: int


class RunSettled(RunStep):
    """No county asks for another pass: the places of this pass may be offered."""

    TYPE: ClassVar[str] = "matching.run.settled.v1"

    number: int


class RunStopped(RunStep):
    """The convener ended the run before it settled: who did not answer, and the residue that was measured."""

    TYPE: ClassVar[str] = "matching.run.stopped.v1"

    reason: str
    missing: tuple[str, ...] = ()
    residue: int = 0


class ResultStated(RunStep):
    """The hash of all places of a pass (matching v1, section 1) and how many they are; no person."""

    TYPE: ClassVar[str] = "matching.result.stated.v1"

    number: int
    hash: str
    placed: int
