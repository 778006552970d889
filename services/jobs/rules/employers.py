"""An employer (企业) as it stands on a city's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Employer:
    """`contact` and `phone` are encrypted; `folded_name` is the name only to compare with."""

    id: UUID
    city: str
    uscc: str
    name: str
    folded_name: str
    district: str
    industry: str
    staff: int | None
    designated: bool
    base: bool
    contact: bytes | None
    phone: bytes | None
    listed_on: date
    version: int = 1
