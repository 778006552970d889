"""A month's answer about somebody's work (务工月监测): still there, where, paid in full and on time; what is known otherwise is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from libs.common.problems import Conflict, FieldError, Invalid
from services.registry.rules.situations import Situation

# 工资发放: in full, in part, not at all.
Paid = Literal["full", "part", "none"]
_PLACES = {"01": "乡镇内", "02": "乡镇外县内", "03": "县外省内", "04": "省外", "99": "其他"}
_PAID = {"full": "足额", "part": "部分", "none": "未发"}


@dataclass(frozen=True)
class WorkSaid:
    """What was said: without a place of work the person is out of work. Pay only of who is still there."""

    still_there: bool
    work_place: str | None
    paid: Paid | None
    on_time: bool | None


@dataclass(frozen=True, kw_only=True)
class WorkCheck:
    """本月: the answer of one person in one month's round."""

    round: UUID
    person: UUID
    on: date
    still_there: bool
    work_place: str | None
    paid: Paid | None
    on_time: bool | None
    as_last: bool
    checked_by: str
    at: datetime

    @property
    def said(self) -> WorkSaid:
        return WorkSaid(self.still_there, self.work_place, self.paid, self.on_time)


class WorkCheckRefused(Invalid):
    title = "务工情况不符合要求 This answer cannot be taken"


class SituationDiffers(Conflict):
    title = "与已知务工状况不一致 Otherwise than what is known of the person's work"


class NoLastMonth(Conflict):
    title = "没有上月的记录 There is no answer of the month before"


def check_said(said: WorkSaid) -> None:
    """Who is still there is paid somehow; who is not has no pay of there."""
    wrong = []
    if said.still_there and said.paid is None:
        wrong.append(FieldError("/paid", "missing", "请说明工资是否足额 Say whether the pay was in full."))
    if said.still_there and said.paid != "none" and said.on_time is None:
        wrong.append(FieldError("/on_time", "missing", "请说明工资是否按时 Say whether the pay was on time."))
    if not said.still_there and (said.paid or said.on_time is not None):
        wrong.append(FieldError("/paid", "not_there", "已不在原处，不填工资 No pay of a place that was left."))
    if wrong:
        raise WorkCheckRefused("请修正所列字段 Correct the fields listed.", errors=wrong)


def placed(said: WorkSaid, known: Situation | None) -> WorkSaid:
    """Still there without a word of where: where it is known to be."""
    if said.still_there and said.work_place is None and known is not None:
        return replace(said, work_place=known.work_place)
    return said


def check_known(said: WorkSaid, known: Situation | None, *, confirmed: bool) -> bool:
    """Whether the situation is another one by this; not without a word (`confirm`), and what is known is told."""
    place = known.work_place if known else None
    if said.still_there and said.work_place is None:
        told = "登记为未就业，请写明务工所在地 The register knows of no work: say where it is."
        raise WorkCheckRefused(told, errors=[FieldError("/work_place", "missing", told)])
    if said.work_place == place:
        return False
    if not confirmed:
        raise SituationDiffers(
            "请核对；确以本次所说为准的，确认后再报（confirm） Look again; with `confirm` what was said holds from that day on.",
            extensions={
                "known": {"work_place": place, "since": str(known.since) if known else None},
                "said": {"work_place": said.work_place},
            },
        )
    return True


def situation_said(person: UUID, said: WorkSaid, known: Situation | None, on: date) -> Situation:
    """From that day on; how the work was found stays as it was while there is work."""
    channel = known.channel if known and said.work_place else None
    return Situation(person, on, said.work_place, channel, "form")


def text_of_check(check: WorkCheck | None) -> str:
    """As a change keeps it."""
    if check is None:
        return ""
    where = _PLACES.get(check.work_place or "", "未就业")
    words = ["仍在原处" if check.still_there else "已不在原处", where]
    if check.paid:
        words.append(f"工资{_PAID[check.paid]}")
    if check.on_time is not None:
        words.append("按时" if check.on_time else "拖欠")
    return "，".join(words)
