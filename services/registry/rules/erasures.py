"""An erasure (删除): who asked and approved, what each service has erased, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registry.rules.guests import CityCard

OTHER_SERVICES = ("matching", "retention")


@dataclass(frozen=True, kw_only=True)
class ErasureRequest:
    """One officer asked, another approved; from `erased_on` nothing late brings the person back."""

    person: UUID
    reason: str
    reference: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    erased_on: date | None = None


@dataclass(frozen=True)
class ErasedPart:
    """Rows of one table that a service has erased, or that it keeps."""

    person: UUID
    service: str
    table: str
    kept: bool
    rows: int


@dataclass(frozen=True)
class Erasure:
    """The report: the request, what each service has told, and the cards with their cities' word."""

    request: ErasureRequest
    parts: Sequence[ErasedPart]
    cards: Sequence[CityCard]

    @property
    def state(self) -> str:
        """requested, under_way, or complete when every service and every city has answered."""
        if self.request.erased_on is None:
            return "requested"
        told = {part.service for part in self.parts}
        done = told >= set(OTHER_SERVICES) and all(card.erased_on for card in self.cards)
        return "complete" if done else "under_way"


def parts_of(person: UUID, service: str, erased: dict[str, int], kept: dict[str, int]) -> list[ErasedPart]:
    """What a service says: rows by table, and rows that it keeps."""
    told = [ErasedPart(person, service, table, False, rows) for table, rows in erased.items()]
    return told + [ErasedPart(person, service, table, True, rows) for table, rows in kept.items()]
