"""An application for a training place (报名) at its city: admitted within the places, waiting in order, dropped out, completed.

A county's word (applied, withdrawn, placed) and the city's are numbered each for itself, so that news may come late, twice, in any
order: the later number of each side holds, and what stands follows from both, at both nodes by the same rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args
from uuid import UUID

from libs.common.problems import refuse_field
from services.jobs.rules.refusals import AdmissionStands

AdmissionState = Literal["applied", "waiting", "admitted", "refused", "dropped", "completed", "placed", "withdrawn"]
# Whoever holds a place, and whoever may still get one or lose it.
HOLDING: tuple[AdmissionState, ...] = ("admitted", "completed", "placed")
OPEN: tuple[AdmissionState, ...] = ("applied", "waiting", "admitted")
Refusal = Literal["age", "education", "demands", "interview", "health", "not_reached", "other"]
Drop = Literal["found_work", "family", "health", "not_suitable", "too_far", "absent", "discipline", "other"]
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)
DROPS: tuple[Drop, ...] = get_args(Drop)
# What the city says by itself.
TOO_LATE, COURSE_CLOSED, COURSE_OVER, NO_SUCH_COURSE = "too_late", "course_closed", "course_over", "no_such_course"


@dataclass(frozen=True, kw_only=True)
class Admission:
    """One application by its id, with the facts that conditions need and no name. `told` is the number of the county's last word,
    `turn` that of the city's own; `entered` is the order in which they came."""

    id: UUID
    course: UUID
    county: str
    age: int
    education: int
    restrictions: list[str]
    consent: str
    applied_on: date
    state: AdmissionState = "applied"
    reason: str | None = None
    changed_on: date
    attended: int = 0
    certificate_number: str = ""
    certificate_level: str = ""
    told: int
    turn: int = 0
    entered: UUID
    version: int = 1

    @property
    def holds(self) -> bool:
        return self.state in HOLDING


@dataclass(frozen=True, kw_only=True)
class AdmissionsWanted:
    """What a list is narrowed to; None does not narrow."""

    course: UUID | None = None
    state: AdmissionState | None = None
    county: str | None = None


def _step(one: Admission, of: Sequence[AdmissionState], state: AdmissionState, on: date, **more: object) -> Admission:
    if one.state not in of:
        raise AdmissionStands(
            f"报名现为「{one.state}」，不能这样办理 It stands as {one.state}: this step does not follow.",
            extensions={"state": one.state},
        )
    return replace(one, state=state, changed_on=on, **{"reason": None, **more})  # type: ignore[arg-type]


def admitted(one: Admission, on: date) -> Admission:
    return _step(one, ("applied", "waiting"), "admitted", on)


def waiting(one: Admission, on: date) -> Admission:
    """候补: it would be admitted, and there is no place."""
    return _step(one, ("applied",), "waiting", on)


def refused(one: Admission, reason: str, on: date) -> Admission:
    return _step(one, ("applied", "waiting"), "refused", on, reason=reason)


def dropped(one: Admission, reason: str, on: date) -> Admission:
    """退学: the place is free."""
    return _step(one, ("admitted",), "dropped", on, reason=reason)


def completed(one: Admission, number: str, level: str, on: date) -> Admission:
    """结业, with a certificate where there is one."""
    return _step(one, ("admitted",), "completed", on, certificate_number=number, certificate_level=level)


def attended(one: Admission, days: int, starts_on: date, on: date) -> Admission:
    """出勤: so many days in all up to a day; no more than the course has had."""
    most = (on - starts_on).days + 1
    if days > max(most, 0):
        raise refuse_field(
            "/days",
            "beyond_course",
            f"到 {on} 日最多 {max(most, 0)} 天 Up to {on} there were {max(most, 0)} days at most",
        )
    return replace(_step(one, ("admitted",), "admitted", one.changed_on), attended=days)


def check_step_day(one: Admission, on: date) -> None:
    """No step lies before the application."""
    if on < one.applied_on:
        raise refuse_field(
            "/on",
            "before_application",
            f"不得早于报名日期「{one.applied_on}」 Not before the application of {one.applied_on}",
        )


def after_county(one: Admission, said: AdmissionState, reason: str | None, told: int, on: date) -> Admission:
    """What stands when the county has spoken: a withdrawal ends what is open, a placement follows a place; all else stays."""
    if told <= one.told:
        return one
    heard = replace(one, told=told)
    if said == "withdrawn" and one.state in OPEN:
        return replace(heard, state="withdrawn", reason=reason, changed_on=on)
    if said == "placed" and one.state in ("admitted", "completed"):
        return replace(heard, state="placed", reason=None, changed_on=on)
    return heard


def why_not(unmet: Sequence[str], state: str, apply_by: date, applied_on: date) -> str | None:
    """Why an application is refused as it comes; None: somebody looks at it."""
    if state != "open":
        return COURSE_CLOSED
    if applied_on > apply_by:
        return TOO_LATE
    return unmet[0] if unmet else None
