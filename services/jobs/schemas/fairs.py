"""The shapes of a job fair (招聘会): entered, corrected, cancelled, shown with the firms that come."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import Day, Division, Sentence, Text, Uscc
from services.jobs.rules.fairs import POSTS, FairState

_ID = "01890a5d-ac96-774b-bcce-b302099a8020"
_FACTS: dict[str, Any] = {
    "title": "湘粤劳务协作专场招聘会",
    "place": "440306",
    "venue": "宝安体育馆",
    "day": "2017-06-10",
}
_BOOTH: dict[str, Any] = {
    "employer_uscc": "91440300XL0000066R",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "vacancies": ["01890a5d-ac96-774b-bcce-b302099a8002"],
}
Title = Annotated[Text, Field(min_length=2, max_length=60)]
Venue = Annotated[Text, Field(min_length=2, max_length=120)]


class BoothShown(BaseModel):
    """展位. Without `vacancies` it is there with whatever it offers; `posts` are the titles of this list's posts there today."""

    model_config = ConfigDict(from_attributes=True)

    employer: UUID | None
    employer_uscc: str
    employer_name: str
    city: str
    vacancies: list[UUID]
    posts: list[str]


class FairListed(BaseModel):
    """招聘会 with how many firms come. `planned` is known to partners, `open` takes sign-ups, `held` is over."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_FACTS,
                "id": _ID,
                "city": "440300",
                "state": "open",
                "closed_on": None,
                "closed_because": "",
                "entered_by": "officer-1",
                "booths": 12,
                "version": 3,
            }
        },
    )

    id: UUID
    city: str
    title: str
    place: str
    venue: str
    day: date
    state: FairState
    closed_on: date | None
    closed_because: str
    entered_by: str
    booths: int
    version: int


class FairShown(FairListed):
    """The same with the firms."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_FACTS,
                "id": _ID,
                "city": "440300",
                "state": "open",
                "closed_on": None,
                "closed_because": "",
                "entered_by": "officer-1",
                "booths": 1,
                "version": 3,
                "firms": [{**_BOOTH, "employer": "01890a5d-ac96-774b-bcce-b302099a8001", "posts": ["叉车司机"]}],
            }
        }
    )

    firms: list[BoothShown]


class FairNew(BaseModel):
    """登记招聘会: where and when; firms come in one by one, then it is opened."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _FACTS})

    title: Title
    venue: Venue
    day: Day
    place: Division | None = Field(default=None, description="the division of the venue; this node's when left out")
    city: Division | None = Field(default=None, description="whose fair it is; this node's division when left out")


class FairChange(BaseModel):
    """更正招聘会: what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"venue": "宝安体育馆二楼"}})

    title: Title | None = None
    venue: Venue | None = None
    day: Day | None = None
    place: Division | None = None

    def said(self) -> dict[str, object]:
        return {name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None}


class FairCancel(BaseModel):
    """取消招聘会: why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "台风停办"}})

    reason: Sentence


class BoothNew(BaseModel):
    """登记展位: a firm of this list, or of another city's with its name. Said again, it stands there as it is said now."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _BOOTH})

    employer_uscc: Uscc
    vacancies: Annotated[list[UUID], Field(max_length=POSTS)] = Field(
        default=[], description="which of its posts; whatever it offers on the day when none is named"
    )
    city: Division | None = Field(default=None, description="whose list the firm is on; this node's when left out")
    employer_name: Annotated[Text, Field(max_length=100)] = Field(
        default="", description="of a firm of another city's list; of one's own the list says it"
    )


class BoothGone(BaseModel):
    """撤展位: which firm does not come."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"employer_uscc": _BOOTH["employer_uscc"]}})

    employer_uscc: Uscc
