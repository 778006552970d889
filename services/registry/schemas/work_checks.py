"""The shapes of a month's answer about work (务工月监测)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Flag, PastDay
from services.registry.rules.work_checks import Paid
from services.registry.schemas import _ID

WorkPlace = Literal["01", "02", "03", "04", "99"]
_SAID: dict[str, Any] = {"still_there": True, "work_place": "04", "paid": "full", "on_time": True}


class NewWorkCheck(BaseModel):
    """本月务工: item by item, or `as_last` alone: as it was said last month."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-03-25", **_SAID}})

    on: PastDay | None = Field(default=None, description="today, if left out")
    as_last: Flag = Field(default=False, description="同上月: what was said in the month before holds still")
    still_there: Flag | None = Field(default=None, description="仍在原处务工")
    work_place: WorkPlace | None = Field(
        default=None, description="务工所在地; left out: where it is known, or out of work when no longer there"
    )
    paid: Paid | None = Field(default=None, description="工资: full, part, none")
    on_time: Flag | None = Field(default=None, description="按时发放")
    confirm: Flag = Field(default=False, description="what is said holds, though the register knows otherwise")


class WorkCheckShown(BaseModel):
    """本月务工 as it was answered; `restated`: the register knows the person's work otherwise by it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "round": _ID,
                "person": _ID,
                "on": "2017-03-25",
                **_SAID,
                "as_last": False,
                "checked_by": "cadre-1",
                "at": "2017-03-25T08:00:00Z",
                "restated": False,
            }
        },
    )

    round: UUID
    person: UUID
    on: date
    still_there: bool
    work_place: WorkPlace | None
    paid: Paid | None
    on_time: bool | None
    as_last: bool
    checked_by: str
    at: datetime
    restated: bool = False
