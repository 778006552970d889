"""A round (轮次): a quarter in which everybody of the register is visited, or a month in which work is asked after; its days and figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from libs.common.calendar import add_months, last_of_month
from libs.common.problems import Conflict, FieldError, Invalid

RoundKind = Literal["quarter", "month"]
# Being listed; open; signed as a whole.
RoundState = Literal["listing", "open", "signed"]
Standing = Literal["open", "settled", "left"]
# Rounds of a kind that may be unsigned at once: a quarter's last signatures come when the next one has begun.
MOST_OPEN = 2
_MONTHS = {"quarter": 3, "month": 1}


@dataclass(frozen=True, kw_only=True)
class Round:
    """Of the days `starts` to `ends`; it lists who is there on `day`, and is due on `due`."""

    id: UUID
    kind: RoundKind
    period: str
    starts: date
    ends: date
    day: date
    due: date
    state: RoundState
    opened_by: str
    opened_at: datetime
    version: int = 1


@dataclass(frozen=True)
class RoundDays:
    """The days of a round that is to be opened."""

    starts: date
    ends: date
    day: date
    due: date


@dataclass(frozen=True)
class RoundPart:
    """A village of a township."""

    township: str
    village: str


@dataclass(frozen=True)
class Assignment:
    """责任: this village's list is that cadre's."""

    township: str
    village: str
    cadre: str


@dataclass(frozen=True)
class Tally:
    """So many of a village stand like that in a round; whom somebody has settled, by whom."""

    township: str
    village: str
    figure: str
    by: str
    amount: int


@dataclass(frozen=True)
class RoundFigures:
    """进度: who is listed is settled, still open, or has left. `late`: settled after the round was due."""

    listed: int = 0
    settled: int = 0
    late: int = 0
    open: int = 0
    left: int = 0

    @property
    def completeness(self) -> float | None:
        """The share of those who are settled among who has not left; None where there is nobody."""
        asked = self.listed - self.left
        return round(self.settled / asked, 4) if asked else None


class RoundRefused(Invalid):
    title = "不能开启这一轮次 This round cannot be opened"


class RoundExists(Conflict):
    title = "这一期已开启轮次 This period has its round"


class RoundsUnsigned(Conflict):
    title = "以前的轮次尚未签收 Earlier rounds are not signed yet"


class RoundBegun(Conflict):
    title = "这一轮次不能撤销 This round cannot be withdrawn"


class StillListing(Conflict):
    title = "名单尚在生成 The list is still being made"


def plan_round(kind: RoundKind, period: str, day: date | None, due: date | None, today: date) -> RoundDays:
    """The days of a period; each day that cannot be is named."""
    starts = _first_day(kind, period)
    ends = last_of_month(add_months(starts, _MONTHS[kind] - 1))
    listed, until = day or starts, due or ends
    wrong = []
    if starts > today:
        wrong.append(FieldError("/period", "future", f"「{period}」尚未开始 The period {period} has not begun."))
    for pointer, one in (("/day", listed), ("/due", until)):
        if not starts <= one <= ends:
            told = f"须在「{starts}」至「{ends}」之间 Must lie within {starts} and {ends}."
            wrong.append(FieldError(pointer, "outside", told))
    if listed > today:
        wrong.append(FieldError("/day", "future", "名单日期不能晚于今天 Nobody is listed by a day to come."))
    if until < listed:
        wrong.append(FieldError("/due", "before_day", "截止日期早于名单日期 Due before the day of the list."))
    if wrong:
        raise RoundRefused("请修正所列字段 Correct the fields listed.", errors=wrong)
    return RoundDays(starts, ends, listed, until)


def _first_day(kind: RoundKind, period: str) -> date:
    year, part = int(period[:4]), int(period[5:])
    is_quarter = period[4] == "Q"
    if is_quarter != (kind == "quarter"):
        told = "季度轮次形如 2017Q2，月度形如 2017-05 Write a quarter as 2017Q2 and a month as 2017-05."
        raise RoundRefused(told, errors=[FieldError("/period", "shape", told)])
    return date(year, part * 3 - 2 if is_quarter else part, 1)


def check_openable(kind: RoundKind, period: str, earlier: Collection[Round]) -> None:
    """One round for a period, none before one that there is, and no heap of unsigned ones."""
    if any(each.period == period for each in earlier):
        raise RoundExists(f"「{period}」已开启，请在轮次中继续 The round of {period} is there: go on in it.")
    if later := [each.period for each in earlier if each.period > period]:
        told = f"已有更晚的轮次「{later[0]}」 The later round {later[0]} is there already."
        raise RoundRefused(told, errors=[FieldError("/period", "passed", told)])
    unsigned = [each.period for each in earlier if each.state != "signed"]
    if len(unsigned) >= MOST_OPEN:
        raise RoundsUnsigned(f"请先签收「{unsigned[0]}」 Sign the round of {unsigned[0]} first.")


def check_withdrawable(found: Round, *, signed: bool, answered: int) -> None:
    """Visits stay with the people; signatures and a month's answers would be lost with the round."""
    if signed:
        raise RoundBegun(f"「{found.period}」已有签收记录 The round of {found.period} has been signed in part.")
    if answered:
        raise RoundBegun(
            f"已记「{answered}」人的本月务工，撤销会丢失"
            f" The work of {answered} people has been answered and would be lost with the round."
        )


def figures_of(tallies: Iterable[Tally]) -> RoundFigures:
    """Summed up."""
    sums = dict.fromkeys(("settled", "late", "open", "left"), 0)
    for each in tallies:
        sums[each.figure] += each.amount
    settled = sums["settled"] + sums["late"]
    return RoundFigures(settled + sums["open"] + sums["left"], settled, sums["late"], sums["open"], sums["left"])
