"""An employer (企业): as it stands on a city's list, what may be said of it, how it is vetted and may appeal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.calendar import add_days
from libs.common.problems import FieldError, refuse_field
from services.jobs.rules.refusals import (
    AppealTooLate,
    EmployerMergedAlready,
    NothingToAppeal,
    ReasonsMissing,
    RegistrationIncomplete,
)

EmployerState = Literal["pending", "listed", "refused", "merged"]
# 申诉期限: as long as 行政复议法 gives for a review, from the day of the decision.
APPEAL_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Employer:
    """`contact` and `phone` are encrypted; `folded_name` is the name only to compare with.

    `pending` waits for an officer, `refused` may appeal until `appeal_by`, `merged` stands for another entry of the same firm.
    """

    id: UUID
    city: str
    uscc: str
    name: str
    folded_name: str
    district: str
    industry: str
    staff: int | None
    designated: bool
    base: bool
    contact: bytes | None
    phone: bytes | None
    listed_on: date
    version: int = 1
    licence: str = ""
    state: EmployerState = "listed"
    merged_into: UUID | None = None
    contact_confirmed_on: date | None = None
    reasons: list[str] = field(default_factory=list)
    decided_by: str | None = None
    decided_on: date | None = None
    appeal_by: date | None = None
    appeal: str = ""
    appealed_on: date | None = None
    blacklisted_from: date | None = None
    blacklisted_until: date | None = None
    blacklisted_because: str = ""
    export_licence: str = ""
    export_licence_until: date | None = None

    def blacklisted_on(self, day: date) -> bool:
        """Both days count."""
        since, until = self.blacklisted_from, self.blacklisted_until
        return since is not None and until is not None and since <= day <= until


EmployerSort = Literal["entry", "name"]


@dataclass(frozen=True, kw_only=True)
class EmployersWanted:
    """What a list of employers is narrowed to; None does not narrow. `q` is part of the name or of the credit code."""

    today: date
    q: str | None = None
    state: EmployerState | None = None
    designated: bool | None = None
    base: bool | None = None
    blacklisted: bool | None = None
    industry: str | None = None
    district: str | None = None
    sort: EmployerSort = "entry"


@dataclass(frozen=True, kw_only=True)
class EmployerFacts:
    """What is said of a firm, in plain."""

    name: str
    district: str = ""
    industry: str = ""
    staff: int | None = None
    licence: str = ""
    contact: str = ""
    phone: str = ""


def check_registration(facts: EmployerFacts) -> None:
    """A firm that registers itself says by which licence it trades and whom the office can call; an office may know less."""
    told = "自行登记须填写 A firm that registers itself has to say this"
    missing = [name for name in ("licence", "contact", "phone") if not getattr(facts, name)]
    if missing:
        wrong = [FieldError(f"/{name}", "missing", told) for name in missing]
        raise RegistrationIncomplete("请补齐所列各项 Fill in what is listed.", errors=wrong)


def vetted(
    employer: Employer, by: str, on: date, *, passed: bool, reasons: Sequence[str], contact_confirmed: bool
) -> Employer:
    """As an officer decides. Nobody is listed whose contact has not been called; refusing needs reasons and opens the time to appeal."""
    if passed and not (contact_confirmed or employer.contact_confirmed_on):
        raise refuse_field(
            "/contact_confirmed", "not_confirmed", "通过前须电话核实联系人 Call the contact before you let the firm in"
        )
    if not passed and not reasons:
        raise ReasonsMissing(errors=[FieldError("/reasons", "missing", "请写明理由 Say why")])
    return replace(
        employer,
        state="listed" if passed else "refused",
        reasons=list(reasons),
        decided_by=by,
        decided_on=on,
        appeal_by=None if passed or employer.appealed_on else add_days(on, APPEAL_DAYS),
        appealed_on=None if passed else employer.appealed_on,
        contact_confirmed_on=on if contact_confirmed else employer.contact_confirmed_on,
        listed_on=on if passed and employer.state != "listed" else employer.listed_on,
    )


def appealed(employer: Employer, words: str, on: date) -> Employer:
    """Once, within the time; then the firm waits for another look."""
    if employer.state != "refused":
        raise NothingToAppeal("单位没有被退回，无须申诉 The firm was not refused: there is nothing to appeal.")
    if employer.appeal_by is None:
        raise NothingToAppeal("已申诉过一次，该决定为最终决定 One appeal was made: this decision is final.")
    if on > employer.appeal_by:
        raise AppealTooLate(
            f"申诉截止 {employer.appeal_by} 日，今天是 {on} 日；请重新联系经办单位"
            f" The appeal was due by {employer.appeal_by} and today is {on}; ask the office itself."
        )
    return replace(employer, state="pending", appeal=words, appealed_on=on, appeal_by=None)


def check_merge(stays: Employer, goes: Employer) -> None:
    """Two entries of one city's list, each of which stands for itself."""
    if stays.id == goes.id:
        raise refuse_field("/goes", "same_entry", "请选另一条登记 Choose another entry than this one")
    if "merged" in (stays.state, goes.state):
        raise EmployerMergedAlready("其中一条已并入别的登记 One of them has been merged into another entry.")
    if stays.city != goes.city:
        raise refuse_field("/goes", "other_city", "两条登记不在同一城市 The entries are of two cities")


def merged(stays: Employer, goes: Employer) -> Employer:
    """What the one that stays says itself holds; the other one fills what it leaves blank. A blacklisting follows the firm."""
    longer = max((stays, goes), key=lambda each: each.blacklisted_until or date.min)
    return replace(
        stays,
        district=stays.district or goes.district,
        industry=stays.industry or goes.industry,
        staff=goes.staff if stays.staff is None else stays.staff,
        licence=stays.licence or goes.licence,
        contact=stays.contact or goes.contact,
        phone=stays.phone or goes.phone,
        designated=stays.designated or goes.designated,
        base=stays.base or goes.base,
        listed_on=min(stays.listed_on, goes.listed_on),
        blacklisted_from=longer.blacklisted_from,
        blacklisted_until=longer.blacklisted_until,
        blacklisted_because=longer.blacklisted_because,
        export_licence=stays.export_licence or goes.export_licence,
        export_licence_until=stays.export_licence_until or goes.export_licence_until,
    )
