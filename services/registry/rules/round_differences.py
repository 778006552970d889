"""The difference of a round to the one before (与上轮比较): who came, who left, and what is found otherwise, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.registry.rules.changes import text_of

Differs = Literal["came", "left", "changed"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """How somebody stands in this round and in the one before, with what each has found; `differs` as the database tells."""

    person: UUID
    township: str
    village: str
    differs: Differs
    place_before: str | None
    place_after: str | None
    work_place_before: str | None
    work_place_after: str | None
    channel_before: str | None
    channel_after: str | None
    willing_before: bool | None
    willing_after: bool | None
    wish_differs: bool


@dataclass(frozen=True)
class FactDiffers:
    """One fact as it was found before and now, in plain text."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class WishThen:
    """What somebody had said by the end of a round."""

    person: UUID
    facts: Mapping[str, object]


_FACTS = ("place", "work_place", "channel", "willing")
# Of a wish these move with every visit, or are told by themselves.
_UNTOLD = {"willing", "available_from"}


def facts_differing(
    found: Found, before: Mapping[str, object] | None, after: Mapping[str, object] | None
) -> Sequence[FactDiffers]:
    """Each fact that is other than before; of who came or left, none."""
    if found.differs != "changed":
        return ()
    pairs = [(name, getattr(found, f"{name}_before"), getattr(found, f"{name}_after")) for name in _FACTS]
    if found.wish_differs:
        was, now = before or {"elsewhere": "none"}, after or {"elsewhere": "none"}
        pairs += [(name, was.get(name) or None, now.get(name) or None) for name in sorted({*was, *now} - _UNTOLD)]
    return [FactDiffers(name, _text(old), _text(new)) for name, old, new in pairs if old != new]


def _text(value: object) -> str | None:
    return text_of(value) or None
