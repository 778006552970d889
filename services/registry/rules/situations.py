"""Where a person works (务工状况) and what was said at a visit (求职意愿), each from its day on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.rules.changes import FieldChange
from services.registry.rules.facts import work_place_code
from services.registry.rules.report import PersonRow, WishRow

# What stays with the register: who it is, the partner (kept as an id), the group's name and the day (columns), the phone (kept sealed).
_NOT_FACTS = ("person", "partner", "phone", "visited", "fellows")


@dataclass(frozen=True)
class Situation:
    """From that day on; without a place of work the person is out of work."""

    person: UUID
    since: date
    work_place: str | None
    channel: str | None
    source: str
    batch: UUID | None = None


@dataclass(frozen=True)
class StatedWish:
    """What a person said at a visit; `facts` in the exchange specification's own names."""

    id: UUID
    person: UUID
    visited: date
    facts: dict[str, Any]
    partner: UUID | None
    fellows: str | None
    batch: UUID | None = None
    batch_row: int | None = None


def situation_changes(before: Situation | None, after: Situation, row: int | None = None) -> list[FieldChange]:
    """Of what was known on that day, the fields that are stated otherwise."""
    pairs = [
        (name, getattr(before, name) if before else None, getattr(after, name)) for name in ("work_place", "channel")
    ]
    return [FieldChange(after.person, name, old, new, after.since, row) for name, old, new in pairs if old != new]


def wish_changes(before: StatedWish, after: StatedWish) -> list[FieldChange]:
    """Of what was said of the same visit before, what is said otherwise: the facts as one text, the partner, the group."""
    pairs = [("wish", wish_text(before), wish_text(after))]
    pairs += [(name, getattr(before, name) or "", getattr(after, name) or "") for name in ("partner", "fellows")]
    return [
        FieldChange(after.person, name, old, new, after.visited, after.batch_row)
        for name, old, new in pairs
        if old != new
    ]


def wish_text(wish: StatedWish) -> str:
    """The facts as a change keeps them."""
    return json.dumps(wish.facts, ensure_ascii=False, sort_keys=True)


def situation_of(person: UUID, row: PersonRow, since: date, batch: UUID | None = None) -> Situation:
    place = work_place_code(row.work_place)
    return Situation(person, since, place, row.channel or None if place else None, "import", batch)


def wish_facts(wish: WishRow) -> dict[str, Any]:
    return {name: value for name, value in wish.as_json().items() if name not in _NOT_FACTS}
