"""What travels by thousands within a run, packed: cards, cutoffs and places as columns.

A column is base64 of `count` entries of one width, each an unsigned number with the low byte first; a pseudonym is `p` and
hexadecimal digits, its entry the digits as bytes. A vacancy's number is its place among those that its city offers in the
pass, in the order of their ids as text; a seat's number counts the reserve groups of the weights in their order, then `open`.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict, Field

from libs.common.events.envelope import Audience
from libs.common.events.matching.parts import RunStep


class CardsProposedV2(RunStep):
    """A batch of cards (求职卡) of one county for one city; bit i of `groups` is reserve group i of the weights."""

    model_config = ConfigDict(title="PackedCards")  # the published schema's title

    TYPE: ClassVar[str] = "matching.cards.proposed.v2"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    batch: int
    round: int
    count: int = Field(ge=0)
    persons: str
    vacancies: str
    priorities: str
    groups: str


class CutoffsRaisedV2(RunStep):
    """Cutoffs of a city's vacancies that rose; they merge by the greater, so order and repetition mean nothing."""

    model_config = ConfigDict(title="PackedCutoffs")  # the published schema's title

    TYPE: ClassVar[str] = "matching.cutoffs.raised.v2"
    AGGREGATE: ClassVar[str] = "matching.cutoff"

    city: str
    number: int
    batch: int
    round: int
    count: int = Field(ge=0)
    vacancies: str
    seats: str
    keys: str


class PlacesFrozenV2(RunStep):
    """County to city, before a pass for freed places: who has agreed and so leaves the market together with the seat.

    `vacancies` are numbers of the pass before.
    """

    model_config = ConfigDict(title="PackedFrozen")  # the published schema's title

    TYPE: ClassVar[str] = "matching.places.frozen.v2"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.card"

    county: str
    number: int
    count: int = Field(ge=0)
    persons: str
    vacancies: str


class PlacesStatedV2(RunStep):
    """County to convener, after a run settled: its places by pseudonym, from which the convener takes the hash and keeps
    nothing else. `vacancies` are places among all that are offered in the pass, in the order of their ids."""

    model_config = ConfigDict(title="PackedPlaces")  # the published schema's title

    TYPE: ClassVar[str] = "matching.places.stated.v2"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "matching.place"

    county: str
    number: int
    count: int = Field(ge=0)
    persons: str
    vacancies: str
