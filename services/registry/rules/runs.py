"""A run of identification (认定): everybody judged by another day or rule, as a difference that is shown before it counts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.registry.rules.identification import Standing


@dataclass(frozen=True)
class Rejudged:
    """Somebody whose verdict is another one by the day and rule of a run."""

    id: UUID
    household: UUID
    township: str
    village: str
    name_sealed: bytes
    before: list[str]
    after: list[str]
    left: bool


@dataclass(frozen=True)
class TownshipChange:
    """How many labourers a township has and would have; how many of its people become one, and cease to be."""

    township: str
    before: int
    after: int
    become: int
    cease: int


@dataclass(frozen=True)
class Difference:
    """What a run would change. Who has left is judged with the others, for a return, and shown and counted nowhere. `digest` names just this difference: only what was shown can be counted."""

    standing: Standing | None
    wanted: Standing
    people: Sequence[Rejudged]
    labourers: Mapping[str, int]

    @property
    def digest(self) -> str:
        told = [f"{self.standing} {self.wanted}", *(f"{one.id} {one.after}" for one in self.people)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]

    @property
    def shown(self) -> list[Rejudged]:
        return [one for one in self.people if not one.left]

    @property
    def townships(self) -> list[TownshipChange]:
        """Those of the register, by name."""
        become = Counter(one.township for one in self.shown if not one.after)
        cease = Counter(one.township for one in self.shown if not one.before)
        return [
            TownshipChange(name, count, count + become[name] - cease[name], become[name], cease[name])
            for name, count in sorted(self.labourers.items())
        ]


@dataclass(frozen=True, kw_only=True)
class IdentificationRun:
    """One that was counted; `townships` as it was shown."""

    id: UUID
    day: date
    rule: str
    changed: int
    townships: list[dict[str, str | int]]
    counted_by: str
    counted_at: datetime
