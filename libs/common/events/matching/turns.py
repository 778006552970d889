"""What counties and cities say within a run: allotments, commitments, cards, cutoffs, progress, certificates, places."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from libs.common.events.envelope import Audience
from libs.common.events.matching.parts import Part, RunStep


class Allotted(Part):
    """Openings of one vacancy that a city gives to a run, with the vacancy's facts as they hold in this run."""

    vacancy: UUID
    city: str
    openings: int
    reserved: dict[str, int] = Field(default={})
    occupation: str
    age_min: int | None = None
    age_max: int | None = None
    education_min: int = 0
    certificates: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    wage: int
    starts_by: date
    offers: tuple[str, ...] = ()
    experience_points: int = 0


class AllotmentStated(RunStep):
    """A city's allotment (配额) to a run, in `batches` parts; its digest is what the city commits to.

    Stated again, for a later pass, when frozen places have left it.
    """

    TYPE: ClassVar[str] = "matching.allotment.stated.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    city: str
    number: int = 1
    batch: int
    batches: int
    allotted: tuple[Allotted, ...]


class CommitmentMade(RunStep):
    """SHA-256 over the node's facts (their digest) and its share of the seed, both still hidden."""

    TYPE: ClassVar[str] = "matching.commitment.made.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    commitment: str


class ShareRevealed(RunStep):
    """What the commitment hid: the digest of the facts (`people:vacancies`, either may be empty) and the share."""

    TYPE: ClassVar[str] = "matching.share.revealed.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    facts: str
    share: str


class Counted(Part):
    """One side's counts towards one counterpart in a pass: distinct cards or cutoff updates, and bytes it sent."""

    counterpart: str
    kind: Literal["cards", "cutoffs"]
    sent: int
    handled: int
    bytes: int = 0


class ProgressStated(RunStep):
    """What a node has sent and handled in a pass, towards each counterpart; it acts only on messages, so it is idle.

    `placed`, `refused` and `displaced` are a city's.
    """

    TYPE: ClassVar[str] = "matching.progress.stated.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    number: int
    counts: tuple[Counted, ...]
    rounds: int
    idle: bool
    placed: int = 0
    refused: int = 0
    displaced: int = 0
    displaced_across: int = 0


class PassReviewed(RunStep):
    """A county has looked at its couples after a pass and says whether it needs another one; `residue` counts people
    whose couple remains unsettled after the last pass."""

    TYPE: ClassVar[str] = "matching.pass.reviewed.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    number: int
    another: bool
    residue: int = 0


class Cutoff(Part):
    """The key of the last one held on a seat type of a vacancy; keys have up to 63 bits."""

    vacancy: UUID
    seat: str
    key: int


class CutoffsRaised(RunStep):
    """Cutoffs of a city's vacancies that rose; they merge by the greater, so order and repetition mean nothing."""

    TYPE: ClassVar[str] = "matching.cutoffs.raised.v1"
    AGGREGATE: ClassVar[str] = "matching.cutoff"

    city: str
    number: int
    batch: int
    round: int
    cutoffs: tuple[Cutoff, ...]


class CertificateSigned(RunStep):
    """A city's table of final cutoffs of a pass, signed with the node's key (JWS)."""

    TYPE: ClassVar[str] = "matching.certificate.signed.v1"
    AGGREGATE: ClassVar[str] = "matching.cutoff"

    city: str
    number: int
    certificate: str


class Card(Part):
    """One proposal: pseudonym of the run, vacancy, priority, groups; the city derives the lottery itself."""

    person: str
    vacancy: UUID
    priority: int = Field(ge=0, le=1022)
    groups: tuple[str, ...] = ()


class CardsProposed(RunStep):
    """A batch of cards of one county for one city."""

    TYPE: ClassVar[str] = "matching.cards.proposed.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    batch: int
    round: int
    cards: tuple[Card, ...]


class Taken(Part):
    """One place of a run: pseudonym and vacancy."""

    person: str
    vacancy: UUID


class PlacesFrozen(RunStep):
    """County to city, before a pass for freed places: who has agreed and so leaves the market together with the seat."""

    TYPE: ClassVar[str] = "matching.places.frozen.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    places: tuple[Taken, ...]


class PlacesStated(RunStep):
    """County to convener, after a run settled: its places by pseudonym, from which the convener takes the hash and
    keeps nothing else."""

    TYPE: ClassVar[str] = "matching.places.stated.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.place"

    county: str
    number: int
    places: tuple[Taken, ...]
