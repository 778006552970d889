"""A vacancy (岗位) and what becomes of it: vetted by rule, decided by an officer, withdrawn, its openings taken and given back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.jobs.rules.severity import VETTING
from services.jobs.rules.text import plain
from services.jobs.rules.vetting import LAW, Stumble, is_part_time, vet_ages, vet_wage, vet_words

# 普通, 扶贫专岗/爱心岗位, 公益性岗位, 帮扶车间, 境外.
Kind = Literal["ordinary", "reserved", "public_post", "workshop", "abroad"]
# Who sees to a passport, and how far training for abroad is.
Passport = Literal["own", "arranged"]
Training = Literal["planned", "under_way", "done"]


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
    kind: Kind = "ordinary"
    country: str | None = None
    contract_months: int | None = None
    healthy: bool = False
    passport: Passport | None = None
    training: Training | None = None


@dataclass(frozen=True, kw_only=True)
class Vacancy(Terms):
    """A vacancy on a city's list. State: refused | pending | vetted | withdrawn; each reason has a code, a column and a law.

    Offered through `valid_until` (None: until it is withdrawn); a vetted one is `paused` as `expired`, as its firm is `blacklisted`
    or `unlisted` or, for a post abroad, `unlicensed`.
    """

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
    valid_until: date | None = None
    paused: str | None = None

    @property
    def announced(self) -> bool:
        """Whether partners know it. An expired one they keep, with no opening left: who has said yes goes on; to a firm that is
        blacklisted or off the list nobody goes."""
        return self.state == "vetted" and self.paused not in ("blacklisted", "unlisted")

    @property
    def offered(self) -> bool:
        """Whether somebody new may be introduced to it."""
        return self.state == "vetted" and self.paused is None


def changed_fields(before: Vacancy, after: Vacancy) -> list[str]:
    return sorted(name for name, value in vars(after).items() if value != getattr(before, name))


def with_openings_taken(vacancy: Vacancy, hires: int) -> Vacancy:
    """What is left when so many are hired."""
    return replace(vacancy, openings_left=max(0, vacancy.openings - hires))


def vetted_by_rule(vacancy: Vacancy, by: str, on: date, *, needs_officer: bool) -> Vacancy:
    """Refused with the reasons that the rules find; without any it is vetted, or waits for an officer. What could not be compared is
    told and refuses nothing."""
    found = stumbles_of(vacancy, on)
    reasons, refused = [each.reason() for each in found], any(each.code in VETTING for each in found)
    if not refused and needs_officer:
        return replace(vacancy, reasons=reasons)
    return replace(vacancy, state="refused" if refused else "vetted", reasons=reasons, vetted_by=by, vetted_on=on)


def stumbles_of(vacancy: Vacancy, on: date) -> list[Stumble]:
    """What the rules of a day stumble over in its words, the ages it lets in, and its wage beside the local minimum."""
    texts = {"岗位名称": vacancy.title, "班次": vacancy.shift, "福利待遇": vacancy.welfare}
    return stumbles_in(texts, age_min=vacancy.age_min, wage=vacancy.wage, city=vacancy.city, on=on)


def stumbles_in(
    texts: Mapping[str, str], *, age_min: int | None, wage: int | None, city: str, on: date
) -> list[Stumble]:
    """The same of an advert: its texts by column, the least age, the lowest wage in yuan a month."""
    words = {column: plain(text) for column, text in texts.items()}
    by_words, by_ages = vet_words(words, on), vet_ages(age_min, words, on)
    # A part-timer's wage is entered by the month, and the minimum for an hour says nothing about it.
    compared = None if is_part_time(words.values()) else wage
    return [*by_words, *by_ages, *vet_wage(compared, city, on)]


def decided(vacancy: Vacancy, by: str, on: date, *, passed: bool, reasons: Sequence[str]) -> Vacancy:
    """As an officer decided, with codes of the rules or words."""
    told = [{"code": reason, "column": "", "law": LAW.get(reason, "")} for reason in reasons]
    return replace(vacancy, state="vetted" if passed else "refused", reasons=told, vetted_by=by, vetted_on=on)


def withdrawn(vacancy: Vacancy, reason: str, on: date) -> Vacancy:
    """Off the list; figures count what was once offered, no more."""
    offered_from = vacancy.vetted_on if vacancy.state == "vetted" else None
    return replace(vacancy, state="withdrawn", withdrawn_on=on, withdrawn_because=reason, vetted_on=offered_from)
