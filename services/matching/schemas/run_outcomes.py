"""The shapes of what a run came to: a county's people with why, a city's vacancies, and what it may still allot."""

from __future__ import annotations

from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.matching.rules.run_outcomes import PersonsOutcome

_ID = "0190d3c1-5b2a-7c3e-9a41-2f6f0c9f7a10"
_POST: dict[str, Any] = {"vacancy": _ID, "title": "电子组装工", "employer_name": "深圳某电子有限公司"}


class PersonInRunShown(BaseModel):
    """One of this county's people in a run. With a place it is the person's own vacancy that is named, without one that which
    was wished for most; `zh` and `en` say why there is none, once the run has settled and while its messages are kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "person": _ID,
                "placed": False,
                "introduction": None,
                "state": None,
                **_POST,
                "city": "440300",
                "seat": None,
                "priority": None,
                "suitable": 7,
                "zh": "合适的岗位有 7 个，最想去的：该岗位需要 410 分, 本人 130 分",
                "en": "7 vacancies suit; of the one wished for most: the vacancy needed 410 points, the person has 130",
            }
        }
    )

    person: UUID
    placed: bool = Field(description="whether the run gave a place, whatever became of it")
    introduction: UUID | None
    state: str | None
    vacancy: UUID | None
    title: str | None
    employer_name: str | None
    city: str | None
    seat: str | None
    priority: int | None
    suitable: int | None = Field(description="how many vacancies the rules left open to the person")
    zh: str | None
    en: str | None

    @classmethod
    def of(cls, row: PersonsOutcome) -> Self:
        given, listed, why = row.given, row.listed, row.outlook
        return cls(
            person=given.person,
            placed=given.placed,
            introduction=given.introduction,
            state=given.state,
            vacancy=listed.vacancy if listed else given.vacancy,
            title=listed.title if listed else None,
            employer_name=listed.employer_name if listed else None,
            city=listed.city if listed else None,
            seat=given.seat,
            priority=given.priority,
            suitable=why.suitable if why else None,
            zh=why.zh if why else None,
            en=why.en if why else None,
        )


class VacancyInRunShown(BaseModel):
    """One of this city's vacancies in a run: openings allotted (reserved ones among them), places held, the points it took."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_POST,
                "openings": 5,
                "reserved": 1,
                "placed": 5,
                "placed_reserved": 1,
                "left": 0,
                "cutoff": 410,
            }
        },
    )

    vacancy: UUID
    title: str | None
    employer_name: str | None
    openings: int
    reserved: int
    placed: int
    placed_reserved: int
    left: int
    cutoff: int | None = Field(description="points of the last one held on an open seat; null: nobody was turned away")


class AllottableShown(BaseModel):
    """A vacancy that this city may give to the run, with what is left of it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"example": {**_POST, "openings": 5, "openings_left": 3, "reserved": {"disabled": 1}}},
    )

    vacancy: UUID
    title: str
    employer_name: str
    openings: int
    openings_left: int
    reserved: dict[str, int] = Field(description="openings for one group alone, by reserve group")
