"""The shape of the residue: who is unsettled when the passes of a run are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.matching.rules.unresolved import CASES

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"


class Unsettled(BaseModel):
    """One person of a couple or group for which the passes did not suffice; `person` is the registry's id."""

    pseudonym: str
    person: UUID | None
    case: str
    zh: str
    en: str


class Residue(BaseModel):
    """Everybody of this county who is unsettled in a pass."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "items": [{"pseudonym": "p41c9", "person": _ID, "case": "only_apart", **vars(CASES["only_apart"])}]
            }
        }
    )

    items: list[Unsettled]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]], *, named: bool) -> Self:
        said = [{**row, "person": row["person"] if named else None, **vars(CASES[row["case"]])} for row in rows]
        return cls(items=[Unsettled.model_validate(each) for each in said])
