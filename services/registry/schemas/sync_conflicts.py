"""The shapes of conflicts (冲突): both values side by side, masked as a list is, and the decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from libs.common.values import Sentence
from services.registry.rules.mutations import ConflictSource, ConflictState
from services.registry.schemas import _ID
from services.registry.schemas.people import Correction

_CONFLICT: dict[str, Any] = {
    "id": _ID,
    "person": _ID,
    "source": "phone",
    "fields": [{"field": "education", "mine": "高中", "theirs": "大专"}],
    "base": 1,
    "current": 2,
    "on": "2017-03-20",
    "said_by": "cadre-1",
    "at": "2017-03-20T08:00:00Z",
    "state": "open",
    "decided_by": None,
    "decided_at": None,
    "version": 1,
}


class ContestedField(BaseModel):
    """`mine` is what the phone or the person said, `theirs` what stood there."""

    field: str
    mine: JsonValue
    theirs: JsonValue


class SyncConflictShown(BaseModel):
    """一项冲突: what a phone said on an older version, or what the person says herself, and what is on record instead."""

    model_config = ConfigDict(json_schema_extra={"example": _CONFLICT})

    id: UUID
    person: UUID
    source: ConflictSource = Field(description="a cadre's phone, or the person herself")
    fields: list[ContestedField]
    base: int = Field(description="the version that the phone knew")
    current: int = Field(description="the version that there was")
    on: date
    said_by: str
    at: datetime
    state: ConflictState
    decided_by: str | None
    decided_at: datetime | None
    version: int


class ConflictRevealed(BaseModel):
    """两个值的明文."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                "person": _ID,
                "fields": [{"field": "phone", "mine": "15400000001", "theirs": "15400000002"}],
            }
        }
    )

    id: UUID
    person: UUID
    fields: list[ContestedField]


class Decision(BaseModel):
    """裁决: what was said, the one that stands there, or another one in `facts`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"decision": "mine"}})

    decision: Literal["mine", "theirs", "value"]
    facts: Correction | None = None
    reason: Sentence | None = None

    @model_validator(mode="after")
    def _has_a_value(self) -> Self:
        if (self.decision == "value") != (self.facts is not None):
            raise ValueError("仅 value 须填 facts Say facts with value, and with it alone.")
        return self
