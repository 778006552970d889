"""The shape of what became of introductions: counts by firm or by run."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

_EXAMPLE: JsonDict = {
    "key": "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10",
    "name": "深圳某电子有限公司",
    "uscc": "91440300MA5D8C1X2T",
    "introduced": 40,
    "hired": 31,
    "came": 28,
    "no_show": 2,
    "rescinded": 1,
    "cancelled": 3,
    "rejected": 6,
    "no_show_share": 0.0645,
}


class OutcomeShown(BaseModel):
    """One firm's introductions, or one run's, by how they stand now."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _EXAMPLE})

    key: UUID = Field(description="The firm's id, or the run's")
    name: str | None
    uscc: str | None
    introduced: int = Field(description="All of whom the city has had the card, and those who took their yes back")
    hired: int = Field(description="Of them, whoever was hired, whatever came afterwards")
    came: int = Field(description="Of the hired, who has begun to work")
    no_show: int = Field(description="未到岗: of the hired, who has not come")
    rescinded: int
    cancelled: int
    rejected: int
    no_show_share: float | None = Field(description="未到岗率: no_show of hired")
