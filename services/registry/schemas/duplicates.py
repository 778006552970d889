"""The shapes of pairs (疑似重复): who is perhaps the same and why, both side by side, and the decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.values import PastDay, Sentence
from services.registry.rules.comparing import Taken
from services.registry.rules.merging import MergeState
from services.registry.rules.same_person import PairState, Rule, Way
from services.registry.schemas import _ID
from services.registry.schemas.people import CandidateShown

_PERSON: dict[str, Any] = {
    "id": _ID,
    "household": "01890a5d-ac96-774b-bcce-b302099a8001",
    "name": "石**",
    "number": "433124************",
    "sex": "女",
    "age_band": "30-34",
    "township": "花垣镇",
    "village": "老寨村",
    "kinship": "配偶",
}
_PAIR: dict[str, Any] = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8009",
    "one": _PERSON,
    "other": _PERSON | {"id": "01890a5d-ac96-774b-bcce-b302099a8058", "village": "子腊村"},
    "rule": "same_name_birth",
    "rules": "same-person-1",
    "way": "file",
    "batch": "01890a5d-ac96-774b-bcce-b302099a8003",
    "found_by": "officer-1",
    "found_at": "2017-03-20T08:00:00Z",
    "state": "open",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "merge": None,
    "version": 1,
}


class DuplicateShown(BaseModel):
    """一对疑似重复: two people who are perhaps one, by which rule of which version, found when and on which way in."""

    model_config = ConfigDict(json_schema_extra={"example": _PAIR})

    id: UUID
    one: CandidateShown = Field(description="who was entered first")
    other: CandidateShown
    rule: Rule = Field(
        description="same_name_birth: same name, variants of characters being one, and birth date; same_sound_birth: the name "
        "sounds alike, same birth date; near_name_village: one character is another, same birth date and village; "
        "same_sound_household; same_sound_village: of year, month and day of birth one may be another; stated by an officer"
    )
    rules: str = Field(description="the version of the rules")
    way: Way
    batch: UUID | None = Field(description="the import, at /registry/v1/imports/{batch}")
    found_by: str
    found_at: datetime
    state: PairState
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    merge: UUID | None = Field(description="how the two became one, at /registry/v1/merges/{merge}")
    version: int


class ComparedFactShown(BaseModel):
    """One fact of both, masked as a list is."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    one: str | int | bool | date | list[str] | UUID | None
    other: str | int | bool | date | list[str] | UUID | None
    differs: bool = Field(description="said of the values themselves, not of their masks")
    taken: str | None = Field(description="by this name the decision takes the fact over; null: it follows from others")


class DuplicateCompared(DuplicateShown):
    """并排比对: the same with every fact of both."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": _PAIR
            | {"facts": [{"field": "education", "one": "初中", "other": "高中", "differs": True, "taken": "education"}]}
        }
    )

    facts: list[ComparedFactShown]


class NewDuplicate(BaseModel):
    """Two people of whom an officer says that they are perhaps one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"one": _ID, "other": "01890a5d-ac96-774b-bcce-b302099a8058"}}
    )

    one: UUID
    other: UUID


class DuplicateDecision(BaseModel):
    """裁决: two people, with the reason; or one, who of them stays, and whose facts are taken over from the other."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"decision": "same", "stays": _ID, "taken": ["phone", "education"], "on": "2017-03-20"}
        },
    )

    decision: Literal["same", "different"]
    stays: UUID | None = Field(default=None, description="who keeps the id; with same alone")
    taken: Annotated[list[Taken], Field(max_length=32)] = Field(
        default=[],
        description="facts of the other that hold; number brings birth date and sex, household the village, work_place the channel",
    )
    on: PastDay | None = Field(default=None, description="the day on which this holds; today when left out")
    reason: Sentence | None = Field(default=None, description="needed with different")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.decision == "same" and self.stays is None:
            raise ValueError("填 stays：保留哪一人 Say in stays who keeps the id.")
        if self.decision == "different" and (self.stays or self.taken):
            raise ValueError("两个人时不填 stays、taken With different, stays and taken are left out.")
        if self.decision == "different" and not self.reason:
            raise ValueError("请写明理由 Say in reason why.")
        return self


class MergeUndo(BaseModel):
    """撤销合并: why they are two."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "实为两人 They are two", "on": "2017-04-01"}}
    )

    reason: Sentence
    on: PastDay | None = Field(default=None, description="today when left out")


class MergeShown(BaseModel):
    """一次合并: who goes has become who stays; `later` was written since and stays there when the merge is undone."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01890a5d-ac96-774b-bcce-b302099a8004",
                "goes": "01890a5d-ac96-774b-bcce-b302099a8058",
                "stays": _ID,
                "on": "2017-03-20",
                "taken": ["phone"],
                "reason": None,
                "merged_by": "officer-1",
                "merged_at": "2017-03-20T08:00:00Z",
                "state": "standing",
                "undone_by": None,
                "undone_at": None,
                "undone_reason": None,
                "later": [],
                "version": 1,
            }
        },
    )

    id: UUID
    goes: UUID
    stays: UUID
    on: date
    taken: list[str]
    reason: str | None
    merged_by: str
    merged_at: datetime
    state: MergeState
    undone_by: str | None
    undone_at: datetime | None
    undone_reason: str | None
    later: list[str] = Field(description="facts by name, rows as table:day or table:id; filled when undone")
    version: int
