"""The shapes of sign-up without an account (扫码报名): what is given, what a desk sees of it, what it decides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

from libs.common.values import Day, Kind, Phone
from services.registry.rules.self_sign_ups import SelfSignUpState
from services.registry.schemas import _ID, LabourerShown, PersonName


def _tidy(typed: Any) -> Any:
    return typed.strip().upper() if isinstance(typed, str) else typed


Tail = Annotated[
    str,
    Strict(),
    StringConstraints(pattern=r"^[0-9]{5}[0-9X]$"),
    BeforeValidator(_tidy),
    Field(examples=["12001X"], description="the last six of the identity number"),
    Kind("end of a number"),
]
_SHOWN: dict[str, Any] = {
    "id": _ID,
    "fair": _ID,
    "name": "石**",
    "phone": "154********",
    "given_at": "2017-06-03T08:00:00Z",
    "forget_on": "2017-06-17",
    "state": "waiting",
    "person": None,
}


class SelfSignUpNew(BaseModel):
    """扫码报名: what somebody says of himself, and the fair's day, a week after which it is forgotten."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"name": "石秀英", "tail": "12001X", "phone": "15400000001", "day": "2017-06-10"}
        },
    )

    name: PersonName
    tail: Tail
    phone: Phone
    day: Day


class SelfSignUpTaken(BaseModel):
    """The same for everybody: nothing in it says whether somebody is in the register."""

    model_config = ConfigDict(json_schema_extra={"example": {"taken": True}})

    taken: bool = True


class SelfSignUpShown(BaseModel):
    """一条扫码报名, masked; name and phone are gone once it was dealt with."""

    model_config = ConfigDict(json_schema_extra={"example": _SHOWN})

    id: UUID
    fair: UUID
    name: str | None
    phone: str | None
    given_at: datetime
    forget_on: date
    state: SelfSignUpState
    person: UUID | None


class SelfSignUpFound(SelfSignUpShown):
    """With those of the register whose number ends so; `named` are those of them who have that name."""

    model_config = ConfigDict(json_schema_extra={"example": {**_SHOWN, "candidates": [], "named": []}})

    candidates: list[LabourerShown]
    named: list[UUID]


class SelfSignUpSettled(BaseModel):
    """Who of the register it is; nobody when left out."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"person": _ID}})

    person: UUID | None = None
