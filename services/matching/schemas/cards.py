"""The shape of the cards that reached a city for one vacancy: pseudonyms of one run, points, and where each stands."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.matching.operations.runs.cards import Reached
from services.matching.rules.cards import Standing

_CARD: JsonDict = {
    "pseudonym": "p5f0c1d2e3a4b5c6d",
    "county": "433124",
    "kind": "cutoff",
    "seat": None,
    "groups": ["zero_employment"],
    "priority": 440,
    "priority_parts": {"groups": 120, "agreement": 50, "rest": 270},
    "lottery": 4285659131800301,
    "needed": 585,
    "zh": "该岗位需要 585 分, 此卡 440 分",
    "en": "this place needed 585 points, this card had 440",
}
_EXAMPLE: JsonDict = {
    "vacancy": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10",
    "run": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a12",
    "pass": 1,
    "state": "settled",
    "weights": "2017.1",
    "openings": 12,
    "withdrawn": False,
    "cards": 143,
    "seated": 12,
    "cutoffs": {"open": 5273403544221114409},
    "items": [_CARD],
}


class Card(BaseModel):
    """One card. `kind` is seated, cutoff, lottery or closed (no opening to compete for); `needed`: points of the lowest cutoff met.

    `priority_parts` go as far as a card tells: `rest` is experience, schooling, occupation and burden together.
    """

    pseudonym: str
    county: str
    kind: str
    seat: str | None = Field(description="open or a reserve group; null: not seated")
    groups: list[str]
    priority: int
    priority_parts: dict[str, int]
    lottery: int = Field(description="53 bits; the greater wins between equal priorities")
    needed: int | None
    zh: str
    en: str

    @classmethod
    def of(cls, said: Standing) -> Self:
        card = said.card
        same = {
            name: getattr(said, name) for name in ("kind", "seat", "priority_parts", "lottery", "needed", "zh", "en")
        }
        return cls(
            pseudonym=card.person, county=card.county, groups=sorted(card.groups), priority=card.priority, **same
        )


class CardsForVacancy(BaseModel):
    """求职卡: those seated first, then the others, the nearest to a seat first. `run` null: no run has brought any yet."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    vacancy: UUID
    run: UUID | None = None
    number: int | None = Field(default=None, serialization_alias="pass")
    state: str | None = Field(default=None, description="How far the run is: open, closed or settled")
    weights: str | None = None
    openings: int = 0
    withdrawn: bool = False
    cards: int = Field(default=0, description="How many have come")
    seated: int = 0
    cutoffs: dict[str, int] = Field(
        default_factory=dict, description="seat type -> key, as in the certificate of the pass"
    )
    items: list[Card] = Field(default_factory=list)

    @classmethod
    def of(cls, vacancy: UUID, reached: Reached | None) -> Self:
        if reached is None:
            return cls(vacancy=vacancy)
        run, held = reached.run, reached.held
        return cls(
            vacancy=vacancy,
            run=run.run,
            number=reached.number,
            state=run.state,
            weights=run.weights,
            openings=reached.openings,
            withdrawn=reached.withdrawn,
            cards=held.cards,
            seated=held.seated,
            cutoffs=dict(held.cutoffs),
            items=[Card.of(said) for said in held.best],
        )
