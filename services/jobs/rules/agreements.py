"""Agreements of labour cooperation (协作协议): between which divisions, for which years, with which targets, and who has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.codes.divisions import lies_in
from libs.common.problems import refuse_field
from services.jobs.rules.refusals import AgreementFixed, AgreementOver, NotAParty

AgreementKind = Literal["posts", "firms", "fairs", "students", "trained"]
AgreementState = Literal["draft", "in_force", "ended"]
# 岗位 can be broken down to firms: whoever started somewhere started at one of them.
BY_FIRM: tuple[AgreementKind, ...] = ("posts",)


@dataclass(frozen=True, kw_only=True)
class Target:
    """How many of what: of a year or (None) the whole term, of the whole or of one county's or one firm's part."""

    kind: AgreementKind
    target: int
    year: int | None = None
    county: str | None = None
    employer_uscc: str | None = None

    @property
    def line(self) -> tuple[str, int, str, str]:
        """What there is one target for."""
        return self.kind, self.year or 0, self.county or "", self.employer_uscc or ""

    @property
    def whole(self) -> bool:
        return self.county is None and self.employer_uscc is None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A county that signs (签约县), and since when it has confirmed the terms as they stand."""

    county: str
    confirmed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """`origin` is where people come from, `destination` the city that enters and keeps it; both days count. `edition` counts the
    terms: whoever confirms, confirms one of them."""

    id: UUID
    origin: str
    destination: str
    title: str
    since: date
    until: date
    state: AgreementState = "draft"
    edition: int = 1
    ended_on: date | None = None
    ended_because: str = ""
    version: int = 1
    targets: tuple[Target, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def counties(self) -> tuple[str, ...]:
        return tuple(each.county for each in self.parts)

    @property
    def years(self) -> range:
        return range(self.since.year, self.until.year + 1)


def check_terms(agreement: Agreement) -> None:
    """The two sides are two, the days in order, whoever signs lies in the origin, and no part is greater than its whole."""
    if agreement.until < agreement.since:
        raise refuse_field("/until", "before_begin", "截止日不得早于起始日 The last day lies before the first")
    if lies_in(agreement.destination, agreement.origin) or lies_in(agreement.origin, agreement.destination):
        raise refuse_field("/origin", "same_side", "双方不能是同一地区 The two parties are one division")
    if not agreement.parts:
        raise refuse_field(
            "/counties", "none", "该地区没有已联网的县，请写明签约县 No county there is a partner: name who signs"
        )
    for place, county in enumerate(agreement.counties):
        if not lies_in(county, agreement.origin):
            raise refuse_field(
                f"/counties/{place}", "elsewhere", f"「{county}」不在协作地区内 Division {county} lies elsewhere"
            )
    check_targets(agreement)


def check_targets(agreement: Agreement) -> None:
    """Each line names a year, a county, a firm that the agreement can have; parts and years add up to their whole at most."""
    for each in agreement.targets:
        _check_line(agreement, each)
    wholes = {each.line: each.target for each in agreement.targets if each.whole}
    for line, whole in wholes.items():
        kind, year, _, _ = line
        alike = [each for each in agreement.targets if each.kind == kind]
        _check_sum([each for each in alike if each.county and (each.year or 0) == year], whole, "/county")
        _check_sum([each for each in alike if each.employer_uscc and (each.year or 0) == year], whole, "/employer_uscc")
        if year == 0:
            _check_sum([each for each in alike if each.whole and each.year], whole, "/year")


def _check_line(agreement: Agreement, one: Target) -> None:
    if one.year is not None and one.year not in agreement.years:
        raise refuse_field("/year", "outside", "年度不在协议期限内 The year lies outside the agreement")
    if one.county is not None and one.county not in agreement.counties:
        raise refuse_field("/county", "no_part", f"「{one.county}」不是签约县 Division {one.county} does not sign it")
    if one.employer_uscc is not None and (one.county is not None or one.kind not in BY_FIRM):
        raise refuse_field("/employer_uscc", "no_part", "只有岗位指标分解到企业 Posts alone are broken down to firms")


def _check_sum(parts: Iterable[Target], whole: int, pointer: str) -> None:
    total = sum(each.target for each in parts)
    if total > whole:
        raise refuse_field(
            "/target", "more_than_whole", f"分解合计「{total}」，多于总数「{whole}」 Parts add up to {total} of {whole}"
        )


def with_target(agreement: Agreement, one: Target) -> Agreement:
    """One line set; nought takes it away. What both sides have signed changes in a draft alone, a firm's part at any time."""
    if agreement.state == "ended" or (agreement.state != "draft" and one.employer_uscc is None):
        raise AgreementFixed("生效后只能分解到企业 Once in force, only parts of firms can be set.")
    others = tuple(each for each in agreement.targets if each.line != one.line)
    after = replace(agreement, targets=(*others, one) if one.target else others)
    check_targets(after)
    return after if one.employer_uscc else unconfirmed(after)


def with_totals(targets: Sequence[Target], totals: Mapping[AgreementKind, int | None]) -> tuple[Target, ...]:
    """The targets of the whole term as given; parts and years stay. Nought or None takes one away."""
    kept = tuple(each for each in targets if not (each.whole and each.year is None and each.kind in totals))
    return (*(Target(kind=kind, target=target) for kind, target in totals.items() if target), *kept)


def corrected(agreement: Agreement, after: Agreement) -> Agreement:
    """Terms that are put right while it is a draft; whoever had confirmed confirms again."""
    if agreement.state != "draft":
        raise AgreementFixed("生效的协议不能更正，可以结束后另签 It is in force: end it and enter another one.")
    check_terms(after)
    return unconfirmed(after)


def unconfirmed(agreement: Agreement) -> Agreement:
    parts = tuple(Part(county=each.county) for each in agreement.parts)
    return replace(agreement, parts=parts, edition=agreement.edition + 1)


def confirmed(agreement: Agreement, county: str, edition: int, on: date) -> Agreement:
    """One county has said yes to these terms; with the last one it is in force. Yes to other terms changes nothing."""
    if county not in agreement.counties:
        raise NotAParty(f"「{county}」不是签约县 Division {county} does not sign it.")
    if agreement.state == "ended":
        raise AgreementOver()
    if edition != agreement.edition:
        return agreement
    parts = tuple(
        replace(each, confirmed_on=each.confirmed_on or on) if each.county == county else each
        for each in agreement.parts
    )
    whole = all(each.confirmed_on for each in parts)
    return replace(agreement, parts=parts, state="in_force" if whole else agreement.state)


def ended(agreement: Agreement, on: date, because: str) -> Agreement:
    if agreement.state == "ended":
        raise AgreementOver(f"已于 {agreement.ended_on} 日结束 It ended on {agreement.ended_on}.")
    return replace(agreement, state="ended", ended_on=max(on, agreement.since), ended_because=because)
