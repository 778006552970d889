"""The shape of the residue: who is unsettled when the passes of a run are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.matching.rules.unresolved import CASES, UnsettledPerson

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"


class Unsettled(BaseModel):
    """One person of a couple or group for which the passes did not suffice; `person` is the registry's id."""

    pseudonym: str
    person: UUID | None
    case: str
    zh: str
    en: str

    @classmethod
    def of(cls, one: UnsettledPerson, *, named: bool) -> Self:
        wording = CASES[one.case]
        person = one.person if named else None
        return cls(pseudonym=one.pseudonym, person=person, case=one.case, zh=wording.zh, en=wording.en)


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
    def of(cls, unsettled: Sequence[UnsettledPerson], *, named: bool) -> Self:
        return cls(items=[Unsettled.of(each, named=named) for each in unsettled])
