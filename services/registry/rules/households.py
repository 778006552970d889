"""A household (户) as kept: its number sealed, where it lies, the points of its burden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Household:
    id: UUID
    number_sealed: bytes
    number_index: bytes
    township: str
    village: str
    burden: int
    as_of: date
