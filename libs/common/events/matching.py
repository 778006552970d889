"""What matching announces: the demand list, the steps of a run, cards and cutoffs, and the steps of an introduction."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.events.envelope import Audience, Event


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DemandStated(Event):
    """求职清单: how many people of a county seek what, as counts by occupation, wage and destination; no person."""

    TYPE: ClassVar[str] = "matching.demand.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "matching.demand"

    county: str
    as_of: date
    people: int
    by_occupation: dict[str, int]
    by_wage: dict[str, int]
    by_destination: dict[str, int]

    def key(self) -> str:
        return self.county


class _RunStep(Event):
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "matching.run"

    run: UUID

    def key(self) -> str:
        return str(self.run)


class RunAnnounced(_RunStep):
    """The convener announces a run: who takes part, the day on which facts hold, the weights' version, the deadline."""

    TYPE: ClassVar[str] = "matching.run.announced.v1"

    convener: str
    counties: tuple[str, ...]
    cities: tuple[str, ...]
    as_of: date
    weights: str
    deadline: date


class RunCommitted(_RunStep):
    """Every commitment is in and listed; nobody can change people or share any more."""

    TYPE: ClassVar[str] = "matching.run.committed.v1"

    commitments: dict[str, str]


class RunOpened(_RunStep):
    """All shares are revealed; the seed is the first 16 bytes of SHA-256 over the shares in the order of the nodes."""

    TYPE: ClassVar[str] = "matching.run.opened.v1"

    seed: str
    shares: dict[str, str]
    facts: dict[str, str]


class Channel(_Part):
    """Distinct cards (county to city) or cutoff updates (city to county) of one pass, and the bytes of their events."""

    kind: Literal["cards", "cutoffs"]
    sender: str
    receiver: str
    sent: int
    handled: int
    bytes: int = 0


class PassClosed(_RunStep):
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


class PassOpened(_RunStep):
    """A new pass from scratch: couples chose a city, or places came free; frozen places have left the market.

    `base` is the pass whose allotments hold: 1, or the last one that was opened for freed places.
    """

    TYPE: ClassVar[str] = "matching.pass.opened.v1"

    number: int
    reason: Literal["couples", "freed"]
    base: int


class RunSettled(_RunStep):
    """No county asks for another pass: the places of this pass may be offered."""

    TYPE: ClassVar[str] = "matching.run.settled.v1"

    number: int


class RunStopped(_RunStep):
    """The convener ended the run before it settled: who did not answer, and the residue that was measured."""

    TYPE: ClassVar[str] = "matching.run.stopped.v1"

    reason: str
    missing: tuple[str, ...] = ()
    residue: int = 0


class ResultStated(_RunStep):
    """The hash of all places of a pass (matching v1, section 1) and how many they are; no person."""

    TYPE: ClassVar[str] = "matching.result.stated.v1"

    number: int
    hash: str
    placed: int


class Allotted(_Part):
    """Openings of one vacancy that a city gives to a run, with the vacancy's facts as they hold in this run."""

    vacancy: UUID
    city: str
    openings: int
    reserved: dict[str, int] = {}
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


class AllotmentStated(_RunStep):
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


class CommitmentMade(_RunStep):
    """SHA-256 over the node's facts (their digest) and its share of the seed, both still hidden."""

    TYPE: ClassVar[str] = "matching.commitment.made.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    commitment: str


class ShareRevealed(_RunStep):
    """What the commitment hid: the digest of the facts (`people:vacancies`, either may be empty) and the share."""

    TYPE: ClassVar[str] = "matching.share.revealed.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    facts: str
    share: str


class Counted(_Part):
    """One side's counts towards one counterpart in a pass: distinct cards or cutoff updates, and bytes it sent."""

    counterpart: str
    kind: Literal["cards", "cutoffs"]
    sent: int
    handled: int
    bytes: int = 0


class ProgressStated(_RunStep):
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


class PassReviewed(_RunStep):
    """A county has looked at its couples after a pass and says whether it needs another one; `residue` counts people
    whose couple remains unsettled after the last pass."""

    TYPE: ClassVar[str] = "matching.pass.reviewed.v1"
    AGGREGATE: ClassVar[str] = "matching.participation"

    node: str
    number: int
    another: bool
    residue: int = 0


class Cutoff(_Part):
    """The key of the last one held on a seat type of a vacancy; keys have up to 63 bits."""

    vacancy: UUID
    seat: str
    key: int


class CutoffsRaised(_RunStep):
    """Cutoffs of a city's vacancies that rose; they merge by the greater, so order and repetition mean nothing."""

    TYPE: ClassVar[str] = "matching.cutoffs.raised.v1"
    AGGREGATE: ClassVar[str] = "matching.cutoff"

    city: str
    number: int
    batch: int
    round: int
    cutoffs: tuple[Cutoff, ...]


class CertificateSigned(_RunStep):
    """A city's table of final cutoffs of a pass, signed with the node's key (JWS)."""

    TYPE: ClassVar[str] = "matching.certificate.signed.v1"
    AGGREGATE: ClassVar[str] = "matching.cutoff"

    city: str
    number: int
    certificate: str


class Card(_Part):
    """One proposal: pseudonym of the run, vacancy, priority, groups; the city derives the lottery itself."""

    person: str
    vacancy: UUID
    priority: int = Field(ge=0, le=1022)
    groups: tuple[str, ...] = ()


class CardsProposed(_RunStep):
    """A batch of cards of one county for one city."""

    TYPE: ClassVar[str] = "matching.cards.proposed.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    batch: int
    round: int
    cards: tuple[Card, ...]


class Taken(_Part):
    """One place of a run: pseudonym and vacancy."""

    person: str
    vacancy: UUID


class PlacesFrozen(_RunStep):
    """County to city, before a pass for freed places: who has agreed and so leaves the market together with the seat."""

    TYPE: ClassVar[str] = "matching.places.frozen.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    places: tuple[Taken, ...]


class PlacesStated(_RunStep):
    """County to convener, after a run settled: its places by pseudonym, from which the convener takes the hash and
    keeps nothing else."""

    TYPE: ClassVar[str] = "matching.places.stated.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.place"

    county: str
    number: int
    places: tuple[Taken, ...]


class _IntroductionStep(Event):
    AGGREGATE: ClassVar[str] = "matching.introduction"

    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    on: date

    def key(self) -> str:
        return str(self.introduction)


class IntroductionAgreed(_IntroductionStep):
    """The person said yes and the consent is recorded; registry seals the card on this. Stays at home.

    Occupation, experience, certificates, groups and burden are those on which the declared priority was computed.
    """

    TYPE: ClassVar[str] = "matching.introduction.agreed.v1"
    AUDIENCE: ClassVar[Audience] = "home"

    person: UUID
    occupation: str | None = None
    experience: int = 0
    certificates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    burden: int = 0
    consent: str
    consent_on: date


class IntroductionHired(_IntroductionStep):
    """The employer hires (录用); for this node's own jobs and retention. `wage` is yuan a month."""

    TYPE: ClassVar[str] = "matching.introduction.hired.v1"
    AUDIENCE: ClassVar[Audience] = "home"

    guest: UUID | None = None
    employer_uscc: str | None = None
    occupation: str | None = None
    wage: int
    seat: str | None = None


class IntroductionSent(_IntroductionStep):
    """County to city: how an introduction stands at the county, by pseudonym, with what priority was declared. No name.

    Sent again at each of the county's own steps (`proposed` or `held`, `offered`, `agreed`). An officer's own proposal
    has no run, no pseudonym and no priority.
    """

    TYPE: ClassVar[str] = "matching.introduction.sent.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str = "held"
    run: UUID | None = None
    number: int | None = None
    pseudonym: str | None = None
    priority: int | None = None
    weights: str | None = None
    shared: int = 0
    groups: tuple[str, ...] = ()
    seat: str | None = None


class IntroductionWithdrawn(_IntroductionStep):
    """County to city: declined by the person, obsolete (agreed elsewhere, moved up) or withdrawn; `reason` names it."""

    TYPE: ClassVar[str] = "matching.introduction.withdrawn.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str = "obsolete"
    run: UUID | None = None
    pseudonym: str | None = None
    reason: str


class IntroductionAnswered(_IntroductionStep):
    """City to county: `introduced`, `hired`, `started`, `ended`, or why not: `rejected`, `refused`, `withdrawn` with a named reason."""

    TYPE: ClassVar[str] = "matching.introduction.answered.v1"
    AUDIENCE: ClassVar[Audience] = "to"

    state: str
    reason: str | None = None
