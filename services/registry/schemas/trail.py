"""The shapes of the trail at the registry: who has looked at a person, and where nodes' chains ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.rules import trail

_ACCESS: dict[str, Any] = {
    "at": "2017-03-12T08:00:00Z",
    "who": "officer-1",
    "organisation": "",
    "role": "officer",
    "action": "registry.reveal_labourer",
    "purpose": "contact",
    "reference": "走访登记第 8 号",
    "fields": ["name", "phone"],
}
_HEADS: dict[str, Any] = {
    "node": "n440300",
    "service": "jobs",
    "at": "2017-03-12T08:00:00Z",
    "contradicts": False,
    "signed": "eyJhbGciOiJFUzI1NiJ9…",
}


class Access(BaseModel):
    """Somebody looked at, corrected or handed on what names the person: who, as what, for what and when."""

    model_config = ConfigDict(json_schema_extra={"example": _ACCESS})

    at: datetime
    who: str
    organisation: str
    role: str = Field(description="empty: the node itself, on an event")
    action: str
    purpose: str
    reference: str
    fields: list[str]

    @classmethod
    def of(cls, access: trail.Access) -> Self:
        return cls.model_validate({**vars(access), "who": access.actor})


class Accesses(BaseModel):
    """谁看过我: the newest first; `next` continues with older ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"person": "01890a5d-ac96-774b-bcce-b302099a8057", "items": [_ACCESS], "next": None}
        }
    )

    person: UUID
    items: list[Access]
    next: str | None = None


class HeadsShown(BaseModel):
    """见证: the ends of a service's chains as its node has signed them; `contradicts` when they cannot follow what it had signed before."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _HEADS})

    node: str
    service: str
    at: datetime
    contradicts: bool
    signed: str = Field(
        description="Compact JWS of that node over canonical JSON: at, heads [[stream, sequence, hash]], node, service"
    )


class HeadsList(BaseModel):
    """The newest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_HEADS]}})

    items: list[HeadsShown]
