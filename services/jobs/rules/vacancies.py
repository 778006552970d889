"""A vacancy (岗位) and what becomes of it: vetted by rule, decided by an officer, withdrawn, its openings taken and given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.jobs.rules.text import plain
from services.jobs.rules.vetting import LAW, vet_words


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a vacancy offers and asks. Wages in yuan a month (None: not stated); ages inclusive; schooling 0-5 as in matching v1."""

    title: str
    openings: int
    employer_uscc: str | None = None
    district: str = ""
    industry: str = ""
    shift: str = ""
    welfare: str = ""
    wage: int | None = None
    wage_max: int | None = None
    occupation: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    education_min: int = 0
    certificates: list[str] = field(default_factory=list)
    demands: list[str] = field(default_factory=list)
    accommodations: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    experience_points: int = 0
    reserved: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Vacancy(Terms):
    """A vacancy on a city's list. State: refused | pending | vetted | withdrawn; each reason has a code, a column and a law."""

    id: UUID
    city: str
    employer: UUID | None
    employer_name: str
    openings_left: int
    starts_by: date
    listed_on: date
    fingerprint: str
    wage_text: str = ""
    wage_basis: str = "month"
    insurances: list[str] = field(default_factory=list)
    refills: bool = True
    state: str = "pending"
    reasons: list[dict[str, str]] = field(default_factory=list)
    vetted_by: str | None = None
    vetted_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_because: str | None = None
    version: int = 1

    @property
    def offered(self) -> bool:
        return self.state == "vetted"


def changed_fields(before: Vacancy, after: Vacancy) -> list[str]:
    return sorted(name for name, value in vars(after).items() if value != getattr(before, name))


def with_openings_taken(vacancy: Vacancy, hires: int) -> Vacancy:
    """What is left when so many are hired."""
    return replace(vacancy, openings_left=max(0, vacancy.openings - hires))


def vetted_by_rule(vacancy: Vacancy, by: str, on: date, *, needs_officer: bool) -> Vacancy:
    """Refused with the reasons that the rules find; without any it is vetted, or waits for an officer."""
    words = {"岗位名称": plain(vacancy.title), "福利待遇": plain(vacancy.welfare)}
    reasons = [{"code": code, "column": column, "law": LAW[code]} for code, column in vet_words(words)]
    if not reasons and needs_officer:
        return vacancy
    return replace(vacancy, state="refused" if reasons else "vetted", reasons=reasons, vetted_by=by, vetted_on=on)


def decided(vacancy: Vacancy, by: str, on: date, *, passed: bool, reasons: Sequence[str]) -> Vacancy:
    """As an officer decided, with codes of the rules or words."""
    told = [{"code": reason, "column": "", "law": LAW.get(reason, "")} for reason in reasons]
    return replace(vacancy, state="vetted" if passed else "refused", reasons=told, vetted_by=by, vetted_on=on)


def withdrawn(vacancy: Vacancy, reason: str, on: date) -> Vacancy:
    """Off the list; figures count what was once offered, no more."""
    offered_from = vacancy.vetted_on if vacancy.offered else None
    return replace(vacancy, state="withdrawn", withdrawn_on=on, withdrawn_because=reason, vetted_on=offered_from)
