"""Taking an import back (撤回整批): who is as the file left them, who stays and why, and what stood there before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.registry.rules.people import Facts
from services.registry.rules.situations import Situation, StatedWish

REASON = "撤回整批导入 The import was taken back"


@dataclass(frozen=True)
class Kept:
    """Somebody of the import who stays as they are, and why."""

    person: UUID
    reasons: list[str]


@dataclass(frozen=True)
class Undo:
    """What taking back did so far: people and households removed, people put back as before, wishes removed, and who stays.

    `undone_at` is None while it is under way: of `people` whom the import has touched `seen` are done, up to `after`. `was` is the state
    from before it, `asked` who wants it, as the trail names them.
    """

    undone_at: datetime | None
    undone_by: str
    people: int
    seen: int
    after: UUID
    was: str
    asked: dict[str, str]
    removed: int
    restored: int
    wishes: int
    households: int
    kept: list[Kept]


@dataclass(frozen=True)
class UndoableImport:
    """An import, locked; `undo` when it is, or was, taken back."""

    id: UUID
    as_of: date | None
    state: str
    undo: Undo | None


@dataclass(frozen=True)
class SealedBefore:
    """One field that an import has changed, as kept."""

    person: UUID
    field: str
    on: date
    before_sealed: bytes


@dataclass(frozen=True)
class KnownBefore:
    """One field that an import has changed, opened: what stood there."""

    person: UUID
    field: str
    on: date
    before: str


@dataclass
class Before:
    """What stood there of one person, field by field, and of what was said on one day."""

    on: date
    fields: dict[str, str] = field(default_factory=dict)
    by_day: dict[date, dict[str, str]] = field(default_factory=dict)


def by_person(known: Iterable[KnownBefore]) -> dict[UUID, Before]:
    """In the order of writing: of a field that was changed twice the first counts."""
    found: dict[UUID, Before] = {}
    for each in known:
        one = found.setdefault(each.person, Before(each.on))
        one.fields.setdefault(each.field, each.before)
        one.by_day.setdefault(each.on, {}).setdefault(each.field, each.before)
    return found


def facts_before(now: Facts, said: Mapping[str, str]) -> Facts:
    """A person's facts with what stood there before."""
    return replace(now, **{name: _value(now, name, text) for name, text in said.items() if hasattr(now, name)})


def _value(now: Facts, name: str, text: str) -> Any:
    """A value from the text that a change keeps of it."""
    kind = type(getattr(now, name))
    if kind is bool:
        return text == "是"
    if kind is list:
        return text.split("、") if text else []
    if kind is int:
        return int(text or 0)
    if kind is date:
        return date.fromisoformat(text)
    return UUID(text) if issubclass(kind, UUID) else text


def situation_before(now: Situation, said: Mapping[str, str]) -> Situation:
    """Where the person worked on that day before the import said otherwise."""
    place, channel = (said[name] or None if name in said else getattr(now, name) for name in ("work_place", "channel"))
    return replace(now, work_place=place, channel=channel, source="officer", batch=None)


def works_alike(one: Situation | None, other: Situation) -> bool:
    """Whether both say the same of work; where nothing is known the person is out of work."""
    known = (one.work_place, one.channel) if one else (None, None)
    return known == (other.work_place, other.channel)


def wish_before(now: StatedWish, facts: Mapping[str, object], said: Mapping[str, str]) -> StatedWish:
    """What was said of that visit before the sheet said otherwise."""
    partner = said.get("partner", str(now.partner or ""))
    fellows = said.get("fellows", now.fellows or "")
    return replace(
        now,
        facts=dict(facts),
        partner=UUID(partner) if partner else None,
        fellows=fellows or None,
        batch=None,
        batch_row=None,
    )


def undo_begun(by: str, asked: dict[str, str], people: int, was: str) -> Undo:
    """Nothing is taken back yet."""
    return Undo(None, by, people, 0, UUID(int=0), was, asked, 0, 0, 0, 0, [])


def kept_of(reasons: Mapping[UUID, Collection[str]]) -> list[Kept]:
    return [Kept(person, sorted(why)) for person, why in sorted(reasons.items())]
