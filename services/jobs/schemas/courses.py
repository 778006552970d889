"""The shapes of a course (培训班) and of applications for its places (报名): shown, entered, corrected, decided on, ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import Count, Day, Division, Label, OccupationGroup, PastDay, Sentence, Text, Uscc
from services.jobs.rules.admissions import AdmissionState, Drop, Refusal
from services.jobs.rules.courses import CountedCourse, Course, CourseKind, CourseState, CourseTerms
from services.jobs.schemas.vacancies import Age, Schooling, Words, Yuan

Places = Annotated[Count, Field(ge=1, le=100_000)]
Bound = Annotated[list[UUID], Field(max_length=20)]
Title = Annotated[Text, Field(min_length=2, max_length=100)]
_ID = "01890a5d-ac96-774b-bcce-b302099a8020"
_TERMS: dict[str, Any] = {
    "title": "电工订单班",
    "kind": "order_class",
    "occupation": "6-25",
    "places": 20,
    "starts_on": "2017-09-01",
    "ends_on": "2018-06-30",
    "apply_by": "2017-08-20",
    "age_min": 16,
    "age_max": 22,
    "education_min": 2,
    "demands": ["heights"],
    "certificate": "electrician",
    "fee": 0,
    "fee_note": "",
    "allowance": 600,
    "note": "包住，结业后到本单位上岗",
    "vacancies": ["01890a5d-ac96-774b-bcce-b302099a8057"],
}


class CourseShown(BaseModel):
    """培训班. `behind` are the openings of its vacancies that are offered now, `short` says that they are fewer than the places."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                **_TERMS,
                "id": _ID,
                "city": "440300",
                "provider_uscc": "91440300XL0000066R",
                "provider_name": "深圳市鬼宿汽车部件有限公司",
                "licence": "",
                "employer": "01890a5d-ac96-774b-bcce-b302099a8001",
                "behind": 25,
                "short": False,
                "taken": 12,
                "waiting": 0,
                "applied": 3,
                "places_left": 8,
                "state": "open",
                "closed_on": None,
                "closed_because": "",
                "entered_by": "officer-1",
                "listed_on": "2017-05-02",
                "version": 1,
            }
        },
    )

    id: UUID
    city: str
    provider_uscc: str
    provider_name: str
    licence: str
    employer: UUID | None
    title: str
    kind: CourseKind
    occupation: str | None
    places: int
    starts_on: date
    ends_on: date
    apply_by: date
    age_min: int | None
    age_max: int | None
    education_min: int
    demands: list[str]
    certificate: str | None
    fee: int = Field(description="yuan for the whole course, 0: nothing")
    fee_note: str
    allowance: int | None = Field(description="yuan a month for living")
    note: str
    vacancies: list[UUID]
    behind: int | None
    short: bool = False
    taken: int = Field(description="who holds a place: admitted, completed, placed")
    waiting: int
    applied: int
    places_left: int
    state: CourseState
    closed_on: date | None
    closed_because: str
    entered_by: str
    listed_on: date
    version: int

    @classmethod
    def of(cls, course: CountedCourse) -> Self:
        return cls.model_validate({**vars(course), "places_left": course.left(course.taken)})

    @model_validator(mode="after")
    def _compare(self) -> Self:
        self.short = self.behind is not None and self.behind < self.places
        return self


class _CourseFacts(BaseModel):
    occupation: OccupationGroup | None = None
    age_min: Age | None = Field(default=None, description="full years on the first day")
    age_max: Age | None = None
    demands: Words = Field(default=[], description="what the work asks of the body, in the terms of vacancies")
    certificate: Label | None = Field(default=None, description="to which it leads, in the terms of vacancies")
    fee: Yuan = 0
    fee_note: Annotated[Text, Field(max_length=200)] = ""
    allowance: Yuan | None = None
    note: Annotated[Text, Field(max_length=500)] = ""
    vacancies: Bound = Field(default=[], description="of the firm, for an order class")


class CourseNew(_CourseFacts):
    """登记培训班: of a firm of the list, or of a school that says its name and 办学许可证号."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_TERMS, "provider_uscc": "91440300XL0000066R"}}
    )

    provider_uscc: Uscc
    provider_name: Annotated[Text, Field(max_length=100)] = ""
    licence: Label = Field(default="", description="办学许可证号 of a school")
    title: Title
    kind: CourseKind
    places: Places
    starts_on: Day
    ends_on: Day
    apply_by: Day
    education_min: Schooling = 0
    city: Division | None = Field(default=None, description="this node's division when left out")
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")

    def terms(self) -> CourseTerms:
        said = self.model_dump(exclude={"provider_uscc", "provider_name", "licence", "city", "on"})
        return CourseTerms(**said)


class CourseChange(BaseModel):
    """更正培训班. Fields left out stay; null clears where one may be without."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"places": 25, "apply_by": "2017-08-25"}})

    title: Title | None = None
    occupation: OccupationGroup | None = None
    places: Places | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: Day | None = None
    age_min: Age | None = None
    age_max: Age | None = None
    education_min: Schooling | None = None
    demands: Words | None = None
    certificate: Label | None = None
    fee: Yuan | None = None
    fee_note: Annotated[Text, Field(max_length=200)] | None = None
    allowance: Yuan | None = None
    note: Annotated[Text, Field(max_length=500)] | None = None
    vacancies: Bound | None = None
    on: PastDay | None = None

    def change(self, course: Course) -> Course:
        said = self.model_dump(exclude_unset=True, exclude={"on"})
        clearable = {"occupation", "age_min", "age_max", "certificate", "allowance"}
        return replace(
            course, **{name: value for name, value in said.items() if value is not None or name in clearable}
        )


class CourseEnd(BaseModel):
    """停止报名、撤销: why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "报名不足，不开班"}})

    reason: Sentence
    on: PastDay | None = None


_ADMISSION: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8030",
    "course": _ID,
    "county": "433124",
    "age": 17,
    "education": 2,
    "restrictions": [],
    "consent": "2017.1",
    "applied_on": "2017-06-01",
    "state": "admitted",
    "reason": None,
    "changed_on": "2017-06-10",
    "attended": 0,
    "certificate_number": "",
    "certificate_level": "",
    "version": 3,
}


class AdmissionShown(BaseModel):
    """报名: by the application's id, under which the county's card names the guest once there is a place."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _ADMISSION})

    id: UUID
    course: UUID
    county: str
    age: int = Field(description="full years on the course's first day")
    education: int
    restrictions: list[str]
    consent: str = Field(description="version of the consent that the county has on record")
    applied_on: date
    state: AdmissionState
    reason: str | None
    changed_on: date
    attended: int = Field(description="days in all")
    certificate_number: str
    certificate_level: str
    version: int


class Admit(BaseModel):
    """录取: a place where there is one, else 候补."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2017-06-10"}})

    on: PastDay | None = None


class AdmissionRefusal(BaseModel):
    """不录取: a reason of the list."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "interview"}})

    reason: Refusal
    on: PastDay | None = None


class DropOut(BaseModel):
    """退学: when and why; the place is free."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "family", "on": "2017-10-09"}})

    reason: Drop
    on: PastDay | None = None


class Attendance(BaseModel):
    """出勤: days in all up to a day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"days": 20, "on": "2017-09-30"}})

    days: Annotated[Count, Field(le=1500)]
    on: PastDay | None = None


class Completion(BaseModel):
    """结业, with the certificate's number and level where there is one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"certificate_number": "1744000000400123", "certificate_level": "初级", "on": "2018-06-30"}
        },
    )

    certificate_number: Label = ""
    certificate_level: Label = ""
    on: PastDay | None = None
