"""What a phone has sent (上行同步): counted once, merged field by field, and set aside where two have said otherwise of one field."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.problems import Conflict, FieldError, Invalid, NotFound, refuse_field
from services.registry.rules.people import Facts, PersonState

# Fields that make sense together alone: one that is contested takes the others along.
_TOGETHER = ({"township", "village"}, {"work_place", "channel"}, {"number", "birth_date", "sex"})

MutationState = Literal["applied", "merged", "conflict"]
# Who said otherwise than what is on record: a cadre's phone, or the person herself.
ConflictSource = Literal["phone", "self"]
ConflictState = Literal["open", "mine", "theirs", "value"]
# So many of one person wait at most.
MOST_OPEN = 10


class ClockOff(Invalid):
    title = "手机日期不对，未收任何一项 The phone's day is wrong and nothing was taken"


class ConflictDecided(Conflict):
    title = "此冲突已裁决 This conflict has been decided"


class NothingToCorrect(Invalid):
    title = "没有要更正的内容 Nothing to put right"


class TooManyOpen(Conflict):
    title = "等待处理的申请过多 Too many requests wait"


class ConflictNotFound(NotFound):
    title = "没有这项冲突 No such conflict"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation; `fields` are those that were set aside, `conflict` where they wait."""

    state: MutationState
    person: UUID | None
    version: int | None
    fields: tuple[str, ...] = ()
    conflict: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class KeptMutation:
    """As it was counted."""

    digest: bytes
    state: MutationState
    person: UUID | None
    version: int | None
    fields: list[str]
    conflict: UUID | None

    def answer(self, digest: bytes) -> Outcome:
        """The same again; an id of something else is refused. Of who was erased nothing is compared any more."""
        if self.digest and self.digest != digest:
            raise refuse_field("/id", "reused", "此编号已用于其他内容，请换一个 This id was used for something else.")
        return Outcome(self.state, self.person, self.version, tuple(self.fields), self.conflict)


@dataclass(frozen=True, kw_only=True)
class SyncConflict:
    """Both values, each sealed as JSON of its fields: `mine` was said on the version `base` by a phone or by the person; `theirs` is what stood there."""

    id: UUID
    person: UUID
    mutation: UUID | None
    source: ConflictSource
    fields: list[str]
    mine_sealed: bytes
    theirs_sealed: bytes
    base: int
    current: int
    on: date
    reason: str | None
    said_by: str
    at: datetime
    state: ConflictState
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 1

    def decided(self, state: ConflictState, by: str, at: datetime) -> Self:
        return replace(self, state=state, decided_by=by, decided_at=at, version=self.version + 1)


def check_clock(there: date, here: date) -> None:
    """A phone whose day is another cannot say on which day anything was."""
    if abs((there - here).days) > 1:
        told = f"节点日期为「{here}」，请校正手机日期后重发 Set the phone's day to {here} and send again."
        raise ClockOff(told, errors=[FieldError("/today", "clock", told)], extensions={"today": str(here)})


def check_age(on: date, today: date, days: int) -> None:
    """What is older than ids are kept could count twice."""
    if on < (first := add_days(today, -days)):
        told = f"早于「{first}」，请先同步，核实后重新填写 Before {first}: pull, look again and enter what still holds."
        raise refuse_field("/on", "too_old", told)


def contested(said: Mapping[str, Any], now: Mapping[str, Any], newer: Set[str] | None) -> set[str]:
    """The fields that somebody else has changed since and of which another value was said. `newer` None: whichever may have been."""
    wrong = {name for name, value in said.items() if value != now[name] and (newer is None or name in newer)}
    for group in _TOGETHER:
        if wrong & group:
            wrong |= group & said.keys()
    return wrong


def values_now(said: Mapping[str, Any], facts: Facts, state: PersonState) -> Mapping[str, Any]:
    """What stands there of the fields that were said."""
    return {name: getattr(facts if hasattr(facts, name) else state, name) for name in said}
