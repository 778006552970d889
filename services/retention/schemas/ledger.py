"""The shapes of the ledger (台账)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from libs.common.values import PastDay
from services.retention.rules.ledger import Settlement

_ENTRY: JsonDict = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8077",
    "person": "01890a5d-ac96-774b-bcce-b302099a8055",
    "policy": "transport",
    "period": "2017",
    "region": "433124",
    "claim": "01890a5d-ac96-774b-bcce-b302099a8075",
    "amount_fen": 60000,
    "on": "2017-07-07",
    "paid_twice": True,
    "settled_as": None,
    "settled_by": None,
    "settled_on": None,
}


class EntryShown(BaseModel):
    """One subsidy paid to one of the county's people, by whichever region."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _ENTRY})

    id: UUID
    person: UUID
    policy: str
    period: str
    region: str
    claim: UUID
    amount_fen: int
    on: date
    paid_twice: bool = Field(description="重复发放: a second payment of one period, found when two records were merged")
    settled_as: Settlement | None = Field(description="taken back, or rightly paid; null: nobody has decided")
    settled_by: str | None
    settled_on: date | None


class EntrySettled(BaseModel):
    """处理重复发放: `recovered` 已追回, `kept` 核实后不追回."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"settlement": "recovered"}})

    settlement: Settlement
    on: PastDay | None = Field(default=None, description="today when left out")
