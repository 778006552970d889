"""预告离岗 and 转岗不返乡: a notice starts a clock of 48 hours in which the city offers another vetted post."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common import problems
from libs.common.calendar import add_days
from services.retention.rules.introductions import Vacancy

RULE = "transfer-clock 1"
HOURS = 48

NoticeReason = Literal["order_shortfall", "line_closed", "contract_ends", "season_ends", "unsuitable", "firm_moves"]
State = Literal["open", "overdue", "answered", "answered_late"]


class UnderNotice(problems.Conflict):
    title = "已预告离岗 Notice has been given already"


class NotTransferable(problems.Conflict):
    title = "岗位不可转入 This vacancy cannot be taken"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice given, with its clock and, once it is known, what became of it."""

    id: UUID
    spell: UUID
    kind: str
    reason: str
    on: date
    last_day: date
    deadline: date
    answered_on: date | None = None
    answer: str | None = None
    answer_spell: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Risk(Notice):
    """A notice with the work that it puts at risk."""

    introduction: UUID
    county: str
    city: str
    employer_uscc: str | None
    vacancy: UUID


def deadline_of(notice: date) -> date:
    """Notices carry a date, so 48 hours are two days: the last day on which an answer is in time."""
    return add_days(notice, HOURS // 24)


def state_of(notice: Notice, as_of: date) -> State:
    """Where the clock stands on a day; a late answer stays visible as late."""
    if notice.answered_on is not None and notice.answered_on <= as_of:
        return "answered" if notice.answered_on <= notice.deadline else "answered_late"
    return "open" if as_of <= notice.deadline else "overdue"


def hours_left(notice: Notice, as_of: date) -> int:
    """Hours until the deadline, below zero when it has passed."""
    return (notice.deadline - as_of).days * 24


def as_known(risk: Risk, as_of: date) -> Risk:
    """A risk as it was known on a day: what was answered later is not known yet."""
    known = risk.answered_on is not None and risk.answered_on <= as_of
    return risk if known else replace(risk, answered_on=None, answer=None, answer_spell=None)


def check_notice(start: date, on: date, last_day: date) -> None:
    """A notice is given while the spell runs and names a last day that is not before it."""
    if on < start:
        raise problems.refuse_field("/on", "before_start", f"早于上岗日期「{start}」 Before the start {start}.")
    if last_day < on:
        raise problems.refuse_field(
            "/last_day", "before_notice", "最后工作日早于预告日 The last day is before the notice."
        )


def check_transfer(old: UUID, vacancy: Vacancy, city: str) -> None:
    """转岗 goes to another vetted vacancy of the same city that still has an opening."""
    if vacancy.city != city:
        raise NotTransferable("岗位不在本市 The vacancy is not in this city.")
    if vacancy.id == old:
        raise NotTransferable("就是原岗位 It is the post that is being left.")
    if vacancy.withdrawn or vacancy.openings_left < 1:
        raise NotTransferable("岗位已撤或已满 The vacancy is withdrawn or has no opening left.")


def last_day_at_old(last_day: date, start: date) -> date:
    """The old spell ends on the day before the new one starts, or on the notice's last day if that is earlier."""
    return min(last_day, add_days(start, -1))
