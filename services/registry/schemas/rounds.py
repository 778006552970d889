"""The shapes of rounds (轮次): opened, given to cadres, how far they are, and how somebody stands in one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Day, Label, Month, PastDay, Quarter, Sentence
from services.registry.rules.rounds import RoundKind, RoundState, Standing
from services.registry.schemas import _ID

_FIGURES: dict[str, Any] = {"listed": 160, "settled": 120, "late": 3, "open": 38, "left": 2, "completeness": 0.7595}
_ROUND: dict[str, Any] = {
    "id": _ID,
    "kind": "quarter",
    "period": "2017Q2",
    "starts": "2017-04-01",
    "ends": "2017-06-30",
    "day": "2017-04-01",
    "due": "2017-06-20",
    "state": "open",
    "opened_by": "officer-1",
    "opened_at": "2017-04-01T01:00:00Z",
    "version": 2,
}
_STANDS: dict[str, Any] = {
    "round": _ID,
    "person": _ID,
    "township": "花垣镇",
    "village": "老寨村",
    "state": "settled",
    "later": False,
    "visited": "2017-05-20",
    "settled_by": "cadre-1",
    "left_as": None,
    "left_on": None,
    "reason": None,
}
LeftAs = Literal[
    "dead", "moved_out", "settled_abroad", "missing", "other", "erased", "withdrawn", "merged", "away", "to_signed_part"
]
OpenReasonShown = Literal["not_reached", "away", "refused", "perhaps_moved", "other"]


class NewRound(BaseModel):
    """开启轮次: a quarter of visits, or a month in which those at work are asked."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"kind": "quarter", "period": "2017Q1", "due": "2017-03-20"}}
    )

    kind: RoundKind
    period: Quarter | Month = Field(description="2017Q2 of a quarter, 2017-05 of a month")
    day: PastDay | None = Field(
        default=None, description="名单日期: who is there on it; left out, the first of the period"
    )
    due: Day | None = Field(default=None, description="截止日期; left out, the last of the period")


class RoundShown(BaseModel):
    """轮次: `listing` until its list is whole, `open` until the county has signed it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _ROUND})

    id: UUID
    kind: RoundKind
    period: str
    starts: date
    ends: date
    day: date = Field(description="名单日期: whoever was there on it is listed, and whoever came later")
    due: date
    state: RoundState
    opened_by: str
    opened_at: datetime
    version: int


class FiguresShown(BaseModel):
    """进度. `listed` is `settled`, `open` and `left` together; `late` are those of the settled who were so after it was due."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _FIGURES})

    listed: int
    settled: int
    late: int
    open: int
    left: int
    completeness: float | None = Field(description="settled of those who have not left; null: nobody is listed")


class VillageProgress(FiguresShown):
    """一村 with whose task it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"township": "花垣镇", "village": "老寨村", "cadres": ["cadre-1"], **_FIGURES}}
    )

    township: str
    village: str
    cadres: list[str]


class TownshipProgress(FiguresShown):
    """一乡镇, and who has signed it."""

    model_config = ConfigDict(json_schema_extra={"example": {"township": "花垣镇", "signed_by": None, **_FIGURES}})

    township: str
    signed_by: str | None


class CadreProgress(FiguresShown):
    """The villages that a cadre has; `settled_by` are those whom the cadre has settled, anywhere."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"cadre": "cadre-1", "villages": 1, "settled_by": 120, **_FIGURES}}
    )

    cadre: str
    villages: int
    settled_by: int


class RoundProgressShown(BaseModel):
    """轮次进度 of what the caller may see, without counting the register."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "round": _ROUND,
                "as_of": "2017-05-20",
                "overdue": 0,
                "total": _FIGURES,
                "townships": [{"township": "花垣镇", "signed_by": None, **_FIGURES}],
                "villages": [{"township": "花垣镇", "village": "老寨村", "cadres": ["cadre-1"], **_FIGURES}],
                "cadres": [{"cadre": "cadre-1", "villages": 1, "settled_by": 120, **_FIGURES}],
            }
        }
    )

    round: RoundShown
    as_of: date
    overdue: int = Field(description="逾期: open after the round was due")
    total: FiguresShown
    townships: list[TownshipProgress]
    villages: list[VillageProgress]
    cadres: list[CadreProgress]


class RoundWithdrawn(BaseModel):
    """撤销轮次, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "季度选错，重新开启"}})

    reason: Sentence


class VillageGiven(BaseModel):
    """一村."""

    model_config = ConfigDict(extra="forbid")

    township: Label
    village: Label


class Assigned(BaseModel):
    """分工: these villages' lists are these cadres'; no cadre: nobody's."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"villages": [{"township": "花垣镇", "village": "老寨村"}], "cadres": ["cadre-1"]}
        },
    )

    villages: Annotated[list[VillageGiven], Field(min_length=1, max_length=500)]
    cadres: Annotated[list[Label], Field(max_length=20, description="登录名 of each cadre")]


class AssignmentShown(BaseModel):
    """This village's list is that cadre's."""

    model_config = ConfigDict(from_attributes=True)

    township: str
    village: str
    cadre: str


class AssignmentsShown(BaseModel):
    """责任清单 of a round."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"assignments": [{"township": "花垣镇", "village": "老寨村", "cadre": "cadre-1"}]}
        }
    )

    assignments: list[AssignmentShown]


class Unchanged(BaseModel):
    """无变化 on a day, today if left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-03-20"}})

    on: PastDay | None = None


class OpenBecause(BaseModel):
    """未走访原因 of one person; null takes back what was said."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "away"}})

    reason: OpenReasonShown | None


class StandsShown(BaseModel):
    """How somebody stands in a round."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _STANDS})

    round: UUID
    person: UUID
    township: str
    village: str
    state: Standing
    later: bool = Field(description="came in after the list was made")
    visited: date | None
    settled_by: str | None = Field(description="who was there; null: a file said so, or nobody was")
    left_as: LeftAs | None
    left_on: date | None
    reason: OpenReasonShown | None = Field(description="未走访原因, as somebody has said or signed it")


class ListedShown(StandsShown):
    """一人 on the list, masked as every list is. Of whom nothing is kept any more there is no name."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_STANDS,
                "household": _ID,
                "name": "石**",
                "sex": "男",
                "age_band": "30-34",
                "kinship": "户主",
                "phone": "154********",
                "employed": True,
                "work_place": "04",
                "willing": True,
                "as_last": False,
            }
        }
    )

    household: UUID | None
    name: str | None
    sex: str | None
    age_band: str | None
    kinship: str | None
    phone: str | None
    employed: bool | None
    work_place: str | None
    willing: bool | None
    as_last: bool = Field(default=False, description="同上月: an earlier month has an answer that one press repeats")
