"""The shapes of a designation (定点接收单位, 就业扶贫基地): shown with its intake, made, ended."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Count, Day, Division, Label, PastDay, Sentence, Uscc
from services.jobs.rules.designations import DesignationKind

_FACTS: dict[str, Any] = {
    "employer_uscc": "91440300XL0000066R",
    "kind": "designated",
    "since": "2017-04-01",
    "until": "2018-12-31",
    "by": "深圳市人力资源和社会保障局",
    "promised": 60,
}


class DesignationShown(BaseModel):
    """认定. `counted` are the hires at the firm's vacancies on its days, beside what was promised."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_FACTS,
                "id": "01890a5d-ac96-774b-bcce-b302099a8010",
                "employer": "01890a5d-ac96-774b-bcce-b302099a8001",
                "employer_name": "深圳市鬼宿汽车部件有限公司",
                "city": "440300",
                "counted": 12,
                "running": True,
                "ended_on": None,
                "ended_because": "",
                "version": 1,
            }
        },
    )

    id: UUID
    employer: UUID
    employer_uscc: str
    employer_name: str
    city: str
    kind: DesignationKind = Field(description="定点接收单位 or 就业扶贫基地")
    since: date
    until: date
    by: str
    promised: int
    counted: int
    running: bool = False
    ended_on: date | None
    ended_because: str
    version: int

    @model_validator(mode="after")
    def _run(self) -> Self:
        self.running = self.ended_on is None
        return self


class DesignationNew(BaseModel):
    """认定: of a firm on the city's list, one of a kind at a time."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _FACTS})

    employer_uscc: Uscc
    kind: DesignationKind
    since: Day
    until: Day
    by: Annotated[Label, Field(min_length=2)]
    promised: Annotated[Count, Field(le=1_000_000)]
    city: Division | None = Field(default=None, description="this node's division when left out")


class DesignationEnd(BaseModel):
    """结束认定: why before its last day."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "未按承诺接收", "on": "2017-09-01"}}
    )

    reason: Sentence
    on: PastDay | None = None
