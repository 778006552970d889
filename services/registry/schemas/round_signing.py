"""The shapes of signatures (签收) and of the difference to the round before (与上轮比较)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Label, Sentence
from services.registry.rules.round_signatures import OpenReason
from services.registry.schemas import _ID

_FIGURES: dict[str, Any] = {"listed": 160, "settled": 157, "late": 3, "open": 1, "left": 2}
_SIGNATURE: dict[str, Any] = {
    "id": _ID,
    "round": _ID,
    "township": "花垣镇",
    "figures": [{"township": "花垣镇", "village": "老寨村", **_FIGURES}],
    "signed_by": "cadre-1",
    "signed_at": "2017-06-25T08:00:00Z",
    "taken_back_by": None,
    "taken_back_at": None,
    "taken_back_reason": None,
}


class ReasonGiven(BaseModel):
    """Why nobody has settled this person."""

    model_config = ConfigDict(extra="forbid")

    person: UUID
    reason: OpenReason


class NewSignature(BaseModel):
    """签收: a township's part with why whoever is open is so; without a township the whole, when every township has signed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"township": "花垣镇", "reasons": [{"person": _ID, "reason": "away"}], "rest": "not_reached"}
        },
    )

    township: Annotated[Label, Field(min_length=1)] | None = None
    reasons: Annotated[list[ReasonGiven], Field(max_length=5000)] = []
    rest: OpenReason | None = Field(default=None, description="why all those are open who have no reason of their own")


class TakenBack(BaseModel):
    """撤回签收: of a township, or without one of the whole, and why."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"township": "花垣镇", "reason": "补走访三户"}}
    )

    township: Annotated[Label, Field(min_length=1)] | None = None
    reason: Sentence


class SignedVillageShown(BaseModel):
    """A village's figures as they were signed."""

    model_config = ConfigDict(from_attributes=True)

    township: str
    village: str
    listed: int
    settled: int
    late: int
    open: int
    left: int


class SignatureShown(BaseModel):
    """一次签收. `township` is empty for the whole round; taken back it stays on record."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _SIGNATURE})

    id: UUID
    round: UUID
    township: str
    figures: list[SignedVillageShown]
    signed_by: str
    signed_at: datetime
    taken_back_by: str | None
    taken_back_at: datetime | None
    taken_back_reason: str | None


class SignaturesShown(BaseModel):
    """All of a round, in their order, also those that were taken back."""

    model_config = ConfigDict(json_schema_extra={"example": {"signatures": [_SIGNATURE]}})

    signatures: list[SignatureShown]


Differs = Literal["came", "left", "changed"]


class FactDiffers(BaseModel):
    """One fact as the round before and as this one has found it; a member of the wish by its name."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    before: str | None
    after: str | None


class DifferenceRow(BaseModel):
    """一人: came onto the list, left it, or is found otherwise than in the round before."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "person": _ID,
                "name": "石**",
                "township": "花垣镇",
                "village": "老寨村",
                "differs": "changed",
                "facts": [{"field": "willing", "before": "否", "after": "是"}],
                "told": "愿意外出 否 → 是",
            }
        },
    )

    person: UUID
    name: str | None = Field(description="masked; null where nothing is kept, or the person is elsewhere by now")
    township: str
    village: str
    differs: Differs
    facts: list[FactDiffers]
    told: str = Field(description="the facts in one line")
