"""The shapes of runs: what a convener decides, what a city allots, what everybody may see of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from libs.common.events.matching import Channel as CountedChannel
from libs.common.small_numbers import PersonCount, tell_again
from libs.common.values import Count, Day, Label, NodeName, Text, Token
from services.matching.operations.runs.queries import CertificateRead, RunOverview
from services.matching.rules.explain import Explanation
from services.matching.rules.runs import Run
from services.matching.rules.weights_versions import VERSION

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"
_RUN: dict[str, Any] = {
    "counties": ["n433124", "n433126"],
    "cities": ["n440300", "n430100"],
    "as_of": "2017-03-31",
    "weights": "2017.1",
    "deadline": "2017-04-30",
}
_SEED = "000102030405060708090a0b0c0d0e0f"
_SHORT: dict[str, Any] = {"run": _ID, "state": "settled", "convener": "n430000", **_RUN, "pass": 2, "placed": 122}
_CHANNEL = {"kind": "cards", "from": "n433124", "to": "n440300", "sent": 148, "handled": 148, "bytes": 21034}
_SHOWN = {
    **_SHORT,
    "participants": ["n430100", "n433124", "n433126", "n440300"],
    "rounds": 8,
    "refused": 725,
    "displaced": 99,
    "displaced_across": 59,
    "channels": [_CHANNEL],
    "weights_digest": "edf60cbe",
    "seed": _SEED,
    "hash": "56be6b23",
    "own_hash": "90ac11d0",
    "settled": 2,
    "missing": [],
    "residue": 0,
    "reason": None,
    "dispute": None,
    "waiting": [],
}
_REASONS: dict[str, Any] = {
    "run": _ID,
    "weights": "2017.1",
    "kind": "cutoff",
    "zh": "该岗位需要 410 分, 本人 130 分",
    "en": "the vacancy needed 410 points, the person has 130",
    "failed": [],
    "utility": 585,
    "utility_parts": {
        "wage": 225,
        "occupation": 120,
        "destination": 150,
        "relatives": 0,
        "closeness": 70,
        "board": 10,
        "lodging": 10,
    },
    "priority": 130,
    "priority_parts": {"groups": 0, "burden": 0, "occupation": 30, "experience": 50, "education": 50, "agreement": 0},
    "spread": 4,
    "lottery": 4285659131800301,
    "key": 1175220,
    "cutoffs": {"open": 3692},
    "qualifies_for": ["open"],
    "admitted": False,
}
Node = str
Nodes = Annotated[list[NodeName], Field(min_length=1, max_length=200)]


Openings = Annotated[Count, Field(le=1_000_000)]


class NewRun(BaseModel):
    """A run to be announced; facts hold on `as_of`, the deadline is for people, no clock ends a run."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _RUN})

    counties: Nodes
    cities: Nodes
    as_of: Day
    weights: Annotated[Token, StringConstraints(pattern=VERSION)] = "2017.1"
    deadline: Day


class Allotment(BaseModel):
    """Openings of one of this city's own vacancies; `reserved` are among them, by reserve group."""

    model_config = ConfigDict(extra="forbid")

    vacancy: UUID
    openings: Openings
    reserved: Annotated[dict[Label, Openings], Field(max_length=20)] = Field(default_factory=dict)


class NewAllotment(BaseModel):
    """What a city gives to a run (配额); it can be given once, and binds."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"allotted": [{"vacancy": _ID, "openings": 3, "reserved": {"older_or_low_schooled": 1}}]}
        },
    )

    allotted: list[Allotment] = Field(max_length=20_000)


class AllotmentMade(BaseModel):
    model_config = ConfigDict(json_schema_extra={"example": {"run": _ID, "vacancies": 90, "openings": 140}})

    run: UUID
    vacancies: int
    openings: int


class Stop(BaseModel):
    """Why a run is stopped before it settles."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "deadline passed"}})

    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class Channel(BaseModel):
    """Distinct cards (county to city) or cutoff updates (city to county) of the last pass, and the bytes of their events."""

    model_config = ConfigDict(populate_by_name=True)

    kind: str
    from_: Node = Field(serialization_alias="from")
    to: Node
    sent: PersonCount
    handled: PersonCount
    bytes: int | None = Field(
        description="null to a role that is not told small numbers: the size says how many cards there are"
    )

    @classmethod
    def of(cls, channel: CountedChannel) -> Self:
        return cls(
            kind=channel.kind,
            from_=channel.sender,
            to=channel.receiver,
            sent=channel.sent,
            handled=channel.handled,
            bytes=channel.bytes,
        )

    def told(self) -> Self:
        return self.model_copy(
            update={"sent": tell_again(self.sent), "handled": tell_again(self.handled), "bytes": None}
        )


class RunShort(BaseModel):
    """A run in a list; `state` is announced, committed, open, closed, settled or stopped."""

    model_config = ConfigDict(json_schema_extra={"example": _SHORT})

    run: UUID
    state: str
    convener: Node
    counties: list[Node]
    cities: list[Node]
    as_of: date
    weights: str
    deadline: date
    number: int = Field(serialization_alias="pass")
    placed: PersonCount | None

    @classmethod
    def of(cls, run: Run) -> Self:
        return cls.model_validate(run, from_attributes=True)

    def told(self) -> Self:
        """With small numbers withheld, for a role without `exact`."""
        return self.model_copy(update={"placed": tell_again(self.placed)})


class RunShown(RunShort):
    """A run with its counts. `hash` is over all places of the settled pass, `own_hash` over this county's alone.

    `displaced` counts people who had been held and fell out, `displaced_across` those who gave way to another county's.
    """

    model_config = ConfigDict(json_schema_extra={"example": _SHOWN})

    participants: list[Node]
    rounds: int
    refused: PersonCount
    displaced: PersonCount
    displaced_across: PersonCount
    channels: list[Channel]
    weights_digest: str | None
    seed: str | None
    hash: str | None
    own_hash: str | None
    settled: int | None
    missing: list[Node]
    residue: PersonCount
    reason: str | None
    dispute: str | None
    waiting: list[Node] = Field(
        description="who is waited for, as the convener knows it; at another node: itself or nobody"
    )

    @classmethod
    def shown(cls, shown: RunOverview) -> Self:
        run, tallies = shown.run, shown.tallies
        counts = {name: getattr(tallies, name) for name in ("rounds", "refused", "displaced", "displaced_across")}
        placed = _placed(shown)
        same = {name: getattr(run, name) for name in RunShort.model_fields if name != "placed"}
        more = {
            name: getattr(run, name)
            for name in (
                "participants",
                "weights_digest",
                "seed",
                "hash",
                "settled",
                "missing",
                "residue",
                "reason",
                "dispute",
            )
        }
        table = [Channel.of(row) for row in shown.channels]
        return cls.model_validate(
            {
                **same,
                **more,
                **counts,
                "placed": placed,
                "channels": table,
                "own_hash": shown.own_hash,
                "waiting": list(shown.waiting),
            }
        )

    def told(self) -> Self:
        counts = {
            name: tell_again(getattr(self, name))
            for name in ("placed", "refused", "displaced", "displaced_across", "residue")
        }
        return self.model_copy(update={**counts, "channels": [each.told() for each in self.channels]})


def _placed(shown: RunOverview) -> int | None:
    """Of the settled run as its convener has stated it; before that of the pass, where there is one."""
    if shown.run.placed is not None and shown.run.state == "settled":
        return shown.run.placed
    return shown.tallies.placed if shown.step else None


class Certificate(BaseModel):
    """A city's signed table of cutoffs. `verified`: at a county, whether its people's places follow from all of them."""

    city: Node
    certificate: str = Field(description="Compact JWS by the city's key")
    cutoffs: dict[str, dict[str, int]] | None = Field(
        description="vacancy -> seat type -> key; null: not signed by the city"
    )
    verified: bool | None
    faults: list[str]


class Certificates(BaseModel):
    """All certificates of a pass."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "run": _ID,
                "pass": 2,
                "seed": _SEED,
                "weights": "2017.1",
                "verified": True,
                "certificates": [
                    {
                        "city": "n440300",
                        "certificate": "eyJhbGciOiJFUzI1NiJ9.e30.MEUC",
                        "cutoffs": {_ID: {"open": 3782}},
                        "verified": True,
                        "faults": [],
                    }
                ],
            }
        }
    )

    run: UUID
    number: int = Field(serialization_alias="pass")
    seed: str | None
    weights: str
    verified: bool | None
    certificates: list[Certificate]

    @classmethod
    def of(cls, run: Run, number: int, certificates: list[CertificateRead]) -> Self:
        listed = [Certificate.model_validate({**vars(each.kept), "cutoffs": each.cutoffs}) for each in certificates]
        verdicts = {each.verified for each in listed}
        verified = None if None in verdicts or len(listed) < len(run.cities) else verdicts == {True}
        return cls(
            run=run.run, number=number, seed=run.seed, weights=run.weights, verified=verified, certificates=listed
        )


class Reasons(BaseModel):
    """Why that job or why not: `kind` is rule, cutoff, lottery, held or preferred; keys have up to 63 bits."""

    model_config = ConfigDict(json_schema_extra={"example": _REASONS})

    run: UUID
    weights: str
    kind: str
    zh: str
    en: str
    failed: list[str]
    utility: int | None
    utility_parts: dict[str, int]
    priority: int | None
    priority_parts: dict[str, int]
    spread: int | None
    lottery: int | None
    key: int | None
    cutoffs: dict[str, int]
    qualifies_for: list[str]
    admitted: bool | None

    @classmethod
    def of(cls, run: Run, said: Explanation) -> Self:
        fields = {name: getattr(said, name) for name in cls.model_fields if name not in ("run", "weights")}
        return cls.model_validate({**fields, "run": run.run, "weights": run.weights})
