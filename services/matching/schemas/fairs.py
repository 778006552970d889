"""The shapes of a job fair (招聘会) at a county and at a city: with its firms and posts, who comes by id, what became of it in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.small_numbers import PersonCount, tell_again
from services.matching.rules.fairs import Fair, FirmResult, OriginResult

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a20"
_FACTS: dict[str, Any] = {
    "id": _ID,
    "node": "n440300",
    "city": "440300",
    "title": "湘粤劳务协作专场招聘会",
    "place": "440306",
    "venue": "宝安体育馆",
    "day": "2017-06-10",
    "state": "open",
    "closed_because": "",
    "announced_on": "2017-06-01",
}
_FIRM: dict[str, Any] = {
    "employer_uscc": "91440300XL0000066R",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "vacancies": [],
}


class FairListed(BaseModel):
    """招聘会 as its node last announced it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _FACTS})

    id: UUID
    node: str
    city: str
    title: str
    place: str
    venue: str
    day: date
    state: str
    closed_because: str
    announced_on: date

    @classmethod
    def of(cls, row: Fair, **more: object) -> Self:
        return cls.model_validate({**vars(row), "id": row.fair, "closed_because": row.reason, **more})


class FirmThere(BaseModel):
    """A firm that comes; without `vacancies` with whatever of its posts are offered."""

    model_config = ConfigDict(from_attributes=True)

    employer_uscc: str
    employer_name: str
    city: str
    vacancies: list[UUID]


class FairShown(FairListed):
    """With the firms."""

    model_config = ConfigDict(json_schema_extra={"example": {**_FACTS, "firms": [_FIRM]}})

    firms: list[FirmThere]


class VisitorShown(BaseModel):
    """参会人员: one of this county's people, by id, and what was signed there."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "person": _ID,
                "township": "花垣镇",
                "signed_up_on": "2017-06-02",
                "came_on": "2017-06-10",
                "introduction": _ID,
                "state": "agreed",
                "title": "叉车司机",
                "employer_name": "深圳市鬼宿汽车部件有限公司",
            }
        },
    )

    person: UUID
    township: str | None
    signed_up_on: date | None
    came_on: date | None
    introduction: UUID | None = Field(description="what was signed on the spot")
    state: str | None = Field(description="how that introduction stands now")
    title: str | None
    employer_name: str | None


class FirmResultShown(BaseModel):
    """One firm's: signed at the fair, hired of them so far, begun to work."""

    model_config = ConfigDict(from_attributes=True)

    employer_uscc: str | None
    employer_name: str
    signed: PersonCount
    hired: PersonCount
    started: PersonCount


class OriginResultShown(BaseModel):
    """One township's of this county, or, of another county, all of it."""

    model_config = ConfigDict(from_attributes=True)

    county: str
    township: str | None
    signed_up: PersonCount
    came: PersonCount
    signed: PersonCount
    hired: PersonCount


class FairResults(BaseModel):
    """招聘会结果: by firm and by origin. The own county knows its townships; of other counties the numbers are what they say."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "fair": _ID,
                "title": "湘粤劳务协作专场招聘会",
                "day": "2017-06-10",
                "by_firm": [
                    {
                        "employer_uscc": "91440300XL0000066R",
                        "employer_name": "深圳市鬼宿汽车部件有限公司",
                        "signed": 12,
                        "hired": 9,
                        "started": 8,
                    }
                ],
                "by_origin": [
                    {"county": "433124", "township": "花垣镇", "signed_up": 40, "came": 31, "signed": 12, "hired": 9}
                ],
            }
        }
    )

    fair: UUID
    title: str
    day: date
    by_firm: list[FirmResultShown]
    by_origin: list[OriginResultShown]

    @classmethod
    def of(cls, fair: Fair, firms: Sequence[FirmResult], origins: Sequence[OriginResult]) -> Self:
        facts = {"fair": fair.fair, "title": fair.title, "day": fair.day}
        return cls.model_validate(
            {**facts, "by_firm": [vars(each) for each in firms], "by_origin": [vars(each) for each in origins]}
        )

    def told(self) -> Self:
        """With small numbers withheld."""
        firms = [each.model_copy(update=_told(each, _OF_FIRM)) for each in self.by_firm]
        origins = [each.model_copy(update=_told(each, _OF_ORIGIN)) for each in self.by_origin]
        return self.model_copy(update={"by_firm": firms, "by_origin": origins})


_OF_FIRM = ("signed", "hired", "started")
_OF_ORIGIN = ("signed_up", "came", "signed", "hired")


def _told(row: BaseModel, names: Sequence[str]) -> Mapping[str, object]:
    return {name: tell_again(getattr(row, name)) for name in names}
