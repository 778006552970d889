"""A person's history (变更记录): everything that was ever written of them, as it is kept and as it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import JsonValue

from libs.common.calendar import written_at
from services.registry.rules.masking import mask_fact


@dataclass(frozen=True, kw_only=True)
class KeptChange:
    """One thing that was written. What came in with a file has its facts beside it, what was changed both values, sealed."""

    id: UUID
    at: datetime | None
    on: date | None
    who: str | None
    source: str
    batch: UUID | None
    row: int | None
    field: str
    before_sealed: bytes | None
    after_sealed: bytes | None
    facts: dict[str, JsonValue] | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class ToldChange:
    """The same, masked."""

    id: UUID
    at: datetime
    on: date | None
    who: str
    source: str
    batch: UUID | None
    row: int | None
    field: str
    before: str
    after: str
    reason: str | None


def tell_change(kept: KeptChange, before: str, after: str) -> ToldChange:
    """With both values opened; a time that is not kept is that of the id."""
    return ToldChange(
        id=kept.id,
        at=kept.at or written_at(kept.id),
        on=kept.on,
        who=kept.who or "",
        source=kept.source,
        batch=kept.batch,
        row=kept.row,
        field=kept.field,
        before=mask_fact(kept.field, before),
        after=json.dumps(kept.facts, ensure_ascii=False, sort_keys=True)
        if kept.facts
        else mask_fact(kept.field, after),
        reason=kept.reason,
    )
