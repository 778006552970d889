"""The shapes of training places as a county sees them (培训名额): courses to apply for, applications with their consent."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.values import PastDay
from services.registry.rules.applications import CONSENTS, ApplicationState, Consenting, WithdrawalReason
from services.registry.rules.heard_courses import HeardKind, HeardState
from services.registry.schemas import _ID

_COURSE_ID = "01890a5d-ac96-774b-bcce-b302099a8020"
_COURSE: dict[str, Any] = {
    "id": _COURSE_ID,
    "city": "440300",
    "provider_uscc": "91440300XL0000066R",
    "provider_name": "深圳市鬼宿汽车部件有限公司",
    "title": "电工订单班",
    "kind": "order_class",
    "occupation": "6-25",
    "vacancies": ["01890a5d-ac96-774b-bcce-b302099a8057"],
    "places": 20,
    "places_left": 8,
    "apply_by": "2017-08-20",
    "starts_on": "2017-09-01",
    "ends_on": "2018-06-30",
    "age_min": 16,
    "age_max": 22,
    "education_min": 2,
    "demands": ["heights"],
    "certificate": "electrician",
    "fee": 0,
    "fee_note": "",
    "allowance": 600,
    "state": "open",
    "told_on": "2017-05-02",
}
_CONSENT: dict[str, Any] = {"consent": CONSENTS[0], "consent_on": "2017-06-01", "consented_by": "guardian"}
_APPLICATION: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8030",
    "person": _ID,
    "course": _COURSE_ID,
    "title": "电工订单班",
    "kind": "order_class",
    "provider_name": "深圳市鬼宿汽车部件有限公司",
    "city": "440300",
    "age": 17,
    "education": 2,
    **_CONSENT,
    "recorded_by": "officer-1",
    "applied_on": "2017-06-01",
    "state": "admitted",
    "reason": None,
    "changed_on": "2017-06-10",
    "attended": 0,
    "certificate": None,
    "certificate_number": "",
    "certificate_level": "",
    "version": 2,
}


class OfferedCourse(BaseModel):
    """培训班 of some city, as it was announced last."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _COURSE})

    id: UUID
    city: str
    provider_uscc: str
    provider_name: str
    title: str
    kind: HeardKind = Field(description="订单班 or free")
    occupation: str | None
    vacancies: list[UUID]
    places: int
    places_left: int = Field(description="with none left whoever applies waits")
    apply_by: date
    starts_on: date
    ends_on: date
    age_min: int | None
    age_max: int | None
    education_min: int
    demands: list[str]
    certificate: str | None
    fee: int
    fee_note: str
    allowance: int | None
    state: HeardState
    told_on: date


class ApplicationShown(BaseModel):
    """报名. `state` is what stands by the county's word and the city's."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": _APPLICATION})

    id: UUID
    person: UUID
    course: UUID
    title: str
    kind: HeardKind
    provider_name: str
    city: str
    age: int = Field(description="full years on the course's first day")
    education: int
    consent: str
    consent_on: date
    consented_by: Consenting
    recorded_by: str
    applied_on: date
    state: ApplicationState
    reason: str | None
    changed_on: date
    attended: int = Field(description="days in all")
    certificate: str | None
    certificate_number: str
    certificate_level: str
    version: int


class ApplicationNew(BaseModel):
    """报名: the consent says that the facts which the conditions need go to the city, and the card once there is a place."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"person": _ID, "course": _COURSE_ID, **_CONSENT}}
    )

    person: UUID
    course: UUID
    consent: Literal[CONSENTS] = Field(default=CONSENTS[0], description="version of the consent's text")  # type: ignore[valid-type]
    consented_by: Consenting = Field(description="under 18 the guardian (监护人)")
    consent_on: PastDay | None = Field(default=None, description="the day of applying when left out")
    on: PastDay | None = Field(default=None, description="today when left out")


class ApplicationWithdrawal(BaseModel):
    """撤回报名和同意."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"reason": "person", "on": "2017-06-20"}})

    reason: WithdrawalReason
    on: PastDay | None = None
