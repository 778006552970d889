"""Checks of a firm's hires (抽查): drawn so that anybody can draw them again, answered by the firm, judged, and what follows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Literal
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.problems import refuse_field
from services.jobs.rules.refusals import CheckConcluded, LineJudged, LinesToJudge, NothingToCheck

Evidence = Literal["contract", "wage_line", "insurance"]
CheckState = Literal["asked", "judging", "judged", "concluded"]
Verdict = Literal["kept", "not_kept", "no_answer"]
Outcome = Literal["kept", "not_kept"]
Consequence = Literal["none", "end_designation", "blacklist"]
Owner = Literal["employer", "city"]
Next = Literal["answer", "judge", "conclude"]

# The draw: whoever has the seed and the ids of the hires draws the same.
DRAW_RULE = "check-draw 1"
MOST_LINES = 200
# After the warning a firm has as many days before its lines are judged as not answered.
GRACE_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Hire:
    """Somebody who was hired, by the introduction alone."""

    introduction: UUID
    vacancy: UUID
    hired_on: date


@dataclass(frozen=True, kw_only=True)
class Check:
    """`pool` hires between both days were there to be drawn from, `pool_digest` is the SHA-256 of their ids, sorted, in one line."""

    id: UUID
    employer: UUID
    since: date
    until: date
    evidence: list[str]
    due: date
    seed: str
    pool: int
    pool_digest: str
    rule: str
    asked_by: str
    asked_on: date
    state: CheckState = "asked"
    warned_on: date | None = None
    outcome: Outcome | None = None
    consequence: Consequence | None = None
    concluded_because: str = ""
    concluded_by: str | None = None
    concluded_on: date | None = None
    version: int = 1

    @property
    def owner(self) -> Owner | None:
        """Whose turn it is."""
        return {"asked": "employer", "judging": "city", "judged": "city"}.get(self.state)  # type: ignore[return-value]

    @property
    def next(self) -> Next | None:
        """下一步."""
        return {"asked": "answer", "judging": "judge", "judged": "conclude"}.get(self.state)  # type: ignore[return-value]

    @property
    def closes_on(self) -> date | None:
        """The last day on which an answer is taken, once the firm has been warned."""
        return None if self.warned_on is None else add_days(self.warned_on, GRACE_DAYS)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One hire that is asked about: what the firm has said, and how it was judged."""

    id: UUID
    check: UUID
    introduction: UUID
    vacancy: UUID
    hired_on: date
    answer: str = ""
    reference: str = ""
    answered_on: date | None = None
    verdict: Verdict | None = None
    why: str = ""
    judged_by: str | None = None
    judged_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CheckOfFirm(Check):
    """With its firm and how far it is."""

    city: str
    employer_uscc: str
    employer_name: str
    drawn: int
    answered: int
    kept: int
    not_kept: int
    no_answer: int


@dataclass(frozen=True, kw_only=True)
class ChecksWanted:
    """What a list is narrowed to; None does not narrow."""

    state: CheckState | None = None
    outcome: Outcome | None = None
    employer_uscc: str | None = None


def draw(hires: Collection[Hire], seed: str, number: int) -> list[Hire]:
    """Those `number` whose ids, hashed behind the seed, come first: in whatever order the hires are given, the same."""
    return sorted(hires, key=lambda hire: _place(hire, seed))[:number]


def _place(hire: Hire, seed: str) -> str:
    return hashlib.sha256(f"{seed} {hire.introduction}".encode()).hexdigest()


def digest_of(hires: Iterable[Hire]) -> str:
    """What the draw was made from, so that a later look at other hires shows itself."""
    return hashlib.sha256(" ".join(sorted(str(hire.introduction) for hire in hires)).encode()).hexdigest()


def how_many(pool: int, *, number: int | None, share: int | None) -> int:
    """A number, or a share of the pool in percent rounded up; never more than there are. Refuses what is too much to ask at once."""
    if pool == 0:
        raise NothingToCheck("该时段没有录用，无从抽查 Nobody was hired in that time.")
    wanted = min(pool, number if number is not None else ceil(pool * (share or 0) / 100))
    if wanted > MOST_LINES:
        field_name = "/number" if number is not None else "/share"
        raise refuse_field(
            field_name, "too_many", f"一次最多抽查「{MOST_LINES}」人 At most {MOST_LINES} people in one check"
        )
    return wanted


def check_days(since: date, until: date, due: date, today: date) -> None:
    if until < since:
        raise refuse_field(
            "/until", "before_begin", f"截止日不得早于起始日「{since}」 It ends before it begins on {since}"
        )
    if due < today:
        raise refuse_field("/due", "in_past", f"期限不得早于今天「{today}」 The due day lies before today, {today}")


def state_of(lines: Collection[Line]) -> CheckState:
    """How far a check is whose end has not been said: it waits for the firm while any line does."""
    if any(line.answered_on is None and line.verdict is None for line in lines):
        return "asked"
    return "judging" if any(line.verdict is None for line in lines) else "judged"


def answered(line: Line, answer: str, reference: str, on: date) -> Line:
    """What the firm has; said again before it is judged, the last word stands."""
    return replace(_unjudged(line), answer=answer, reference=reference, answered_on=on)


def judged(line: Line, verdict: Verdict, why: str, by: str, on: date) -> Line:
    if verdict != "kept" and not why:
        raise refuse_field("/why", "missing", "请写明理由 Say why")
    return replace(_unjudged(line), verdict=verdict, why=why, judged_by=by, judged_on=on)


def unanswered(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.answered_on is None and line.verdict is None]


def concluded(
    check: Check, lines: Collection[Line], outcome: Outcome, consequence: Consequence, reason: str, by: str, on: date
) -> Check:
    """Once every line is judged; a promise that was kept has no consequence, one that was not has its reason."""
    open_check(check)
    waiting = sum(line.verdict is None for line in lines)
    if waiting:
        raise LinesToJudge(f"还有 {waiting} 条没有判定 Judge {waiting} more lines first.")
    if outcome == "kept" and consequence != "none":
        raise refuse_field("/consequence", "kept", "承诺已兑现，不作处理 What was kept has no consequence")
    if outcome == "kept" and any(line.verdict != "kept" for line in lines):
        raise refuse_field(
            "/outcome", "not_all_kept", "有未兑现或未答复的，不能判为兑现 Some lines were not kept or not answered"
        )
    ended = {"outcome": outcome, "consequence": consequence, "concluded_because": reason}
    return replace(check, state="concluded", concluded_by=by, concluded_on=on, **ended)  # type: ignore[arg-type]


def open_check(check: Check) -> Check:
    if check.state == "concluded":
        raise CheckConcluded(f"已于 {check.concluded_on} 日办结 It was concluded on {check.concluded_on}.")
    return check


def _unjudged(line: Line) -> Line:
    if line.verdict is not None:
        raise LineJudged(f"已于 {line.judged_on} 日判定 It was judged on {line.judged_on}.")
    return line
