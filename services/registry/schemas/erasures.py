"""The shapes of an erasure (删除个人信息): why, and the report of where what went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import PastDay, Text
from services.registry.rules.erasures import Erasure
from services.registry.schemas import _ID

Reason = Literal["person_asked", "wrong_record", "deceased", "moved_away", "purpose_over"]
_WHY: dict[str, Any] = {"reason": "person_asked", "reference": "删除申请 2017-06-12 第 3 号"}


class NewErasure(BaseModel):
    """Why, and where the person's own request or the decision can be looked up."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _WHY})

    reason: Reason
    reference: Annotated[Text, Field(min_length=1, max_length=120)]


class Approval(BaseModel):
    """The day on which it is done; today in Shanghai when left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-06-13"}})

    on: PastDay | None = None


class PartShown(BaseModel):
    """Rows of one table of one service."""

    model_config = ConfigDict(from_attributes=True)

    service: str
    table: str
    rows: int


class CityShown(BaseModel):
    """One card that was sealed to a city, and the day on which that city said that it is gone."""

    model_config = ConfigDict(from_attributes=True)

    introduction: UUID
    city: str
    erased_on: date | None


class TopicsShown(BaseModel):
    """Records of the broker go by age: by which day the last of them has gone."""

    topics: str
    gone_by: date


class ErasureShown(BaseModel):
    """删除报告: complete when every service of the node and every city has answered. What is kept holds ids and no name."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person": _ID,
                "state": "complete",
                **_WHY,
                "requested_by": "officer-1",
                "requested_at": "2017-06-12T08:00:00Z",
                "approved_by": "officer-2",
                "approved_at": "2017-06-13T08:00:00Z",
                "erased_on": "2017-06-13",
                "erased": [{"service": "registry", "table": "person", "rows": 1}],
                "kept": [{"service": "retention", "table": "ledger", "rows": 1}],
                "kept_because": "…",
                "cities": [{"introduction": _ID, "city": "440300", "erased_on": "2017-06-13"}],
                "topics": [{"topics": "home.*, to.*.registry.card", "gone_by": "2017-06-28"}],
            }
        }
    )

    person: UUID
    state: Literal["requested", "under_way", "complete"]
    reason: Reason
    reference: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    erased_on: date | None
    erased: list[PartShown]
    kept: list[PartShown]
    kept_because: str = (
        "台账、介绍与留痕依法保存，只有编号 The ledger, introductions and the trail are kept by law: ids and no name."
    )
    cities: list[CityShown]
    topics: list[TopicsShown]

    @classmethod
    def of(cls, found: Erasure, gone_by: date | None) -> Self:
        erased, kept = ([part for part in found.parts if part.kept is kind] for kind in (False, True))
        return cls(
            **vars(found.request),
            state=found.state,
            erased=[PartShown.model_validate(part) for part in erased],
            kept=[PartShown.model_validate(part) for part in kept],
            cities=[CityShown.model_validate(card) for card in found.cards],
            topics=[TopicsShown(topics="home.*, to.*.registry.card", gone_by=gone_by)] if gone_by else [],
        )
