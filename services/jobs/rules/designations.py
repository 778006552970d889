"""Designations (定点接收单位, 就业扶贫基地): from when to when, by whom, how many the firm has promised, how many it has taken in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.problems import refuse_field
from services.jobs.rules.refusals import DesignationOver

DesignationKind = Literal["designated", "base"]


@dataclass(frozen=True, kw_only=True)
class Designation:
    """Both days count; `ended_on` is the day on which it ended, by somebody or by itself."""

    id: UUID
    employer: UUID
    kind: DesignationKind
    since: date
    until: date
    by: str
    promised: int
    ended_on: date | None = None
    ended_because: str = ""
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class CountedDesignation(Designation):
    """With its firm, and the intake: who was hired there in its time."""

    city: str
    employer_uscc: str
    employer_name: str
    counted: int


@dataclass(frozen=True, kw_only=True)
class DesignationsWanted:
    """What a list is narrowed to; None does not narrow."""

    kind: DesignationKind | None = None
    running: bool | None = None
    employer_uscc: str | None = None


def check_time(since: date, until: date) -> None:
    if until < since:
        raise refuse_field(
            "/until", "before_begin", f"截止日不得早于起始日「{since}」 It ends before it begins on {since}"
        )


def ended(one: Designation, on: date, because: str) -> Designation:
    if one.ended_on is not None:
        raise DesignationOver(f"已于 {one.ended_on} 日结束 It ended on {one.ended_on}.")
    return replace(one, ended_on=max(on, one.since), ended_because=because)
