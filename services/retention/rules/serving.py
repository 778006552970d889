"""服务: a training, guidance, introduction or start-up service given to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

ServiceKind = Literal["training", "guidance", "introduction", "startup"]


@dataclass(frozen=True, kw_only=True)
class GivenService:
    """`region` gave it, `county` counts it. The county knows the person, a city the introduction alone."""

    id: UUID
    county: str
    region: str
    person: UUID | None
    introduction: UUID | None
    kind: str
    topic: str | None
    hours: int | None
    on: date
