"""The shapes of what a phone sends (上行同步): mutations, each by itself, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from libs.common.api.validation_words import words_of
from libs.common.problems import FieldError
from libs.common.values import Count, Day, PastDay
from services.registry.rules.mutations import MutationState
from services.registry.schemas import _ID
from services.registry.schemas.people import CardFacts, Correction, NewDeparture, NewLabourer
from services.registry.schemas.visits import NewVisit

MOST_MUTATIONS = 500
ClientId = Annotated[UUID, Field(description="made on the phone, another one for each mutation")]
Whom = Annotated[UUID, Field(description="a person of the copy, or the id of the mutation that entered them")]
_WHOM: dict[str, Any] = {"id": "01890a5d-ac96-774b-bcce-b302099a9001", "person": _ID}
_CORRECT: dict[str, Any] = {
    **_WHOM,
    "kind": "correct",
    "base": 1,
    "on": "2017-03-20",
    "facts": {"phone": "15400000001", "work_place": "04"},
}


class _Nested(BaseModel):
    """The day is said once, beside the facts."""

    model_config = ConfigDict(extra="forbid")

    on: PastDay = Field(description="the day on the phone; it holds from then on")

    def facts_said(self) -> CardFacts:
        raise NotImplementedError

    @model_validator(mode="after")
    def _said_once(self) -> Self:
        if self.facts_said().on is not None:
            raise ValueError("日期只在 on 中写一次 Say the day once, in on.")
        return self


class CorrectMutation(_Nested):
    """更正 (and 务工状况): the fields that were found to be otherwise, on the version that the phone had."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CORRECT})

    kind: Literal["correct"]
    id: ClientId
    person: Whom
    base: Annotated[Count, Field(ge=1)]
    facts: Correction

    def facts_said(self) -> CardFacts:
        return self.facts


class EnterMutation(_Nested):
    """新增人员. Later mutations name the person by the id of this one until the phone has pulled."""

    kind: Literal["enter"]
    id: ClientId
    labourer: NewLabourer

    def facts_said(self) -> CardFacts:
        return self.labourer


class VisitMutation(NewVisit):
    """走访. Two visits of one day are two visits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {**_WHOM, "kind": "visit", "on": "2017-05-20", "found": "no_change"}},
    )

    kind: Literal["visit"]
    id: ClientId
    person: Whom


class DepartMutation(NewDeparture):
    """减员."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_WHOM, "kind": "depart", "on": "2017-05-01", "way": "dead"}}
    )

    kind: Literal["depart"]
    id: ClientId
    person: Whom


Mutation = CorrectMutation | EnterMutation | VisitMutation | DepartMutation


@dataclass(frozen=True)
class Unreadable:
    """A mutation that has no sound form; it stops no other."""

    id: UUID | None
    errors: tuple[FieldError, ...]


def _each_by_itself(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as wrong:
        errors = tuple(_field_error(each["loc"], each["type"], words_of(each)) for each in wrong.errors())
        return Unreadable(_id_of(value), errors)


def _field_error(where: tuple[int | str, ...], code: str, message: str) -> FieldError:
    """The first step of a place is the kind of mutation, which is no field."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in where[1:])
    return FieldError("".join(f"/{part}" for part in parts), code, message)


def _id_of(value: Any) -> UUID | None:
    try:
        return UUID(value["id"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


class SyncPush(BaseModel):
    """上行同步: what was written on the phone, in its order."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"today": "2017-03-20", "mutations": [_CORRECT]}}
    )

    today: Day = Field(description="the phone's own day; more than a day beside this node's, nothing is taken")
    mutations: Annotated[
        list[Annotated[Annotated[Mutation, Field(discriminator="kind")], WrapValidator(_each_by_itself)]],
        Field(min_length=1, max_length=MOST_MUTATIONS),
    ]


class MutationAnswer(BaseModel):
    """What became of one. `refused` and `later` have changed nothing: put it right, or send it again as it is."""

    id: UUID | None = Field(description="null: it had none")
    state: MutationState | Literal["refused", "later"]
    repeated: bool = Field(description="it was counted before; the answer is that of then")
    person: UUID | None
    version: int | None = Field(description="the person's version by that")
    fields: list[str] = Field(description="the fields that wait for a decision, since others have changed them too")
    conflict: UUID | None = Field(description="where they wait: /registry/v1/sync/conflicts/{conflict}")
    problem: dict[str, JsonValue] | None = Field(description="why not (RFC 9457), with pointers into the request")


class SyncPushed(BaseModel):
    """One answer for each mutation, in their order."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "today": "2017-03-20",
                "answers": [
                    {
                        "id": _CORRECT["id"],
                        "state": "applied",
                        "repeated": False,
                        "person": _ID,
                        "version": 2,
                        "fields": [],
                        "conflict": None,
                        "problem": None,
                    }
                ],
            }
        }
    )

    today: date
    answers: list[MutationAnswer]
