"""The shapes of what a phone is told (同步): rows masked as lists are, who is in its scope no longer, a checksum, the next cursor."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.registry.schemas import _ID, _LABOURER, LabourerShown

_HOUSEHOLD: dict[str, Any] = {"id": _ID, "township": "花垣镇", "village": "老寨村", "burden": 35, "version": 1}


class SyncedHousehold(BaseModel):
    """一户: where it is. Who lives there and who is head of it, the people's rows say."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    township: str
    village: str
    burden: int
    version: int


class SyncedLabourer(LabourerShown):
    """一人 as a list shows one, with what was said at the last visit. Names are masked: who needs one asks for it with a purpose."""

    model_config = ConfigDict(json_schema_extra={"example": {**_LABOURER, "wish": None, "round_open": True}})

    wish: dict[str, Any] | None
    round_open: bool = Field(description="待走访: a quarter's round still waits for a visit")


class SyncedPlace(BaseModel):
    """村 within the scope."""

    model_config = ConfigDict(from_attributes=True)

    township: str
    village: str


class SyncRows(BaseModel):
    """What the checksum is of."""

    households: list[SyncedHousehold]
    people: list[SyncedLabourer]
    gone: list[UUID] = Field(
        description="people and households to be forgotten: moved elsewhere, departed, closed, erased"
    )
    places: list[SyncedPlace] | None = Field(description="with the last page all villages; null before it")


class SyncPulled(SyncRows):
    """下行同步: one page. It is stored as a whole with `next`, or not at all; a row replaces the one with its id."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "households": [_HOUSEHOLD],
                "people": [{**_LABOURER, "wish": None, "round_open": True}],
                "gone": [],
                "places": [{"township": "花垣镇", "village": "老寨村"}],
                "today": "2017-03-20",
                "days": 92,
                "checksum": "0d1f" * 16,
                "next": "3q2-7wEAAAAAAAAD6AAAAAAAAAAAAAAAAAAAAACrze8BI0VniQ",
                "more": False,
            }
        }
    )

    today: date = Field(description="this node's day: a phone whose own is another has a wrong clock")
    days: int = Field(description="so many days back mutations are taken")
    checksum: str = Field(
        description="SHA-256 in hex of the canonical JSON (RFC 8785) of households, people, gone and places"
    )
    next: str = Field(description="`after` of the next request, now if `more`, else whenever the phone asks again")
    more: bool
