"""An employer's history (变更记录): which fields are told of, what stood there before and what after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from libs.common.masks import mask_name, mask_phone

Source = Literal["form", "file"]
FIELDS = (
    "name",
    "district",
    "industry",
    "staff",
    "licence",
    "export_licence",
    "export_licence_until",
    "contact",
    "phone",
    "designated",
    "base",
    "contact_confirmed_on",
    "state",
    "appeal",
    "blacklisted_from",
    "blacklisted_until",
)
_MASKS = {"contact": mask_name, "phone": mask_phone}


@dataclass(frozen=True, kw_only=True)
class KeptChange:
    """One field that was written; both values are sealed, for they may be somebody's phone."""

    id: UUID
    employer: UUID
    field: str
    before: bytes
    after: bytes
    by: str
    at: datetime
    source: Source
    reason: str


def masked(field: str, text: str, *, whole: bool) -> str:
    """As whoever may not know an employer's contact reads it."""
    return text if whole or not text or field not in _MASKS else _MASKS[field](text)
