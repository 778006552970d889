"""Progress of an agreement (协议进度): what was reached by a month, how far it will get, and what is missing. Pure sums of tallies.

Forecast (预测), rule `FORECAST_RULE`: what is reached, and for each month that is left as many as in a month of the last twelve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from libs.common.calendar import add_months
from services.jobs.rules.agreements import Agreement, AgreementKind, Target

FORECAST_RULE = "agreements.forecast.1"
# So many months tell the pace; fewer than so many tell little, which is said beside the forecast.
PACE_MONTHS, FEW_MONTHS = 12, 3


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many of a kind in a month; of the whole (''), of a county, or of a firm."""

    kind: AgreementKind
    county: str
    employer_uscc: str
    month: date
    reached: int


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One line: `reached` None is counted at another node, `signed` is what both sides have signed of it; `few` says that the forecast rests on little."""

    kind: AgreementKind
    year: int | None
    county: str | None
    employer_uscc: str | None
    target: int | None
    reached: int | None
    signed: int | None
    forecast: int | None
    few: bool


@dataclass(frozen=True, kw_only=True)
class Signed:
    """How many of a kind and year both sides have signed for a county, of all quarters so far."""

    county: str
    kind: AgreementKind
    year: int
    signed: int


@dataclass(frozen=True, kw_only=True)
class ProgressWanted:
    """What the lines are narrowed to; None does not narrow, except that the year None is the whole term."""

    year: int | None = None
    county: str | None = None
    kind: AgreementKind | None = None


def progress_of(
    agreement: Agreement,
    tallies: Sequence[Tally],
    signed: Sequence[Signed],
    wanted: ProgressWanted,
    as_of: date,
    here: str,
) -> list[Progress]:
    """The whole, then each county, then each firm that has a part; months through the one of `as_of` count."""
    return [
        replace(_line(agreement, line, tallies, as_of.replace(day=1), here), signed=signed_of(line, signed))
        for kind in _kinds(agreement, wanted.kind)
        for line in _lines(agreement, kind, wanted)
    ]


def _kinds(agreement: Agreement, wanted: AgreementKind | None) -> list[AgreementKind]:
    return [wanted] if wanted else sorted({each.kind for each in agreement.targets})


def _lines(agreement: Agreement, kind: AgreementKind, wanted: ProgressWanted) -> list[Target]:
    """What is asked for, whether there is a target for it or not (then it is below nought)."""
    known = {each.line: each for each in agreement.targets}
    counties = [wanted.county] if wanted.county else [None, *(() if kind == "fairs" else agreement.counties)]
    none = [Target(kind=kind, target=-1, year=wanted.year, county=county) for county in counties]
    firms = [
        each
        for each in agreement.targets
        if each.kind == kind and each.employer_uscc and each.year == wanted.year and not wanted.county
    ]
    return [known.get(each.line, each) for each in none] + firms


def _line(agreement: Agreement, one: Target, tallies: Iterable[Tally], month: date, here: str) -> Progress:
    facts = {"kind": one.kind, "year": one.year, "county": one.county, "employer_uscc": one.employer_uscc}
    target = one.target if one.target >= 0 else None
    months = months_of(agreement, one.year)
    reached, forecast = None, None
    if counts_here(agreement, one, here):
        mine = [each for each in tallies if _belongs(one, each) and each.month <= month]
        reached = sum(each.reached for each in mine if each.month in months)
        forecast = forecast_of(reached, pace_of(agreement, mine, month), len([each for each in months if each > month]))
    few = len([each for each in months_of(agreement, None) if each <= month]) < FEW_MONTHS
    return Progress(**facts, target=target, reached=reached, signed=None, forecast=forecast, few=few)  # type: ignore[arg-type]


def counts_here(agreement: Agreement, one: Target, here: str) -> bool:
    """The destination hears of everybody, a county of its own people, whoever is a partner of every fair."""
    return here == agreement.destination or one.kind == "fairs" or (one.county == here and here in agreement.counties)


def signed_of(one: Target, signed: Iterable[Signed]) -> int | None:
    """Of a line what both have signed, the sum of the counties; each of them has signed every fair. Firms are signed by nobody."""
    if one.kind == "firms" or one.employer_uscc:
        return None
    sums: Counter[str] = Counter()
    for each in signed:
        if each.kind == one.kind and one.year in (None, each.year) and one.county in (None, each.county):
            sums[each.county] += each.signed
    return max(sums.values(), default=0) if one.kind == "fairs" else sum(sums.values())


def _belongs(one: Target, tally: Tally) -> bool:
    if tally.kind != one.kind or tally.employer_uscc != (one.employer_uscc or ""):
        return False
    if one.employer_uscc or one.county:
        return tally.county == (one.county or "")
    # Firms are told apart over all counties, so their whole is counted by itself; of the rest the whole is the sum.
    return one.kind != "firms" or not tally.county


def months_of(agreement: Agreement, year: int | None) -> list[date]:
    """The first days of the months of the term, or of one year of it."""
    month, found = agreement.since.replace(day=1), list[date]()
    while month <= agreement.until:
        found.append(month)
        month = add_months(month, 1)
    return [each for each in found if year is None or each.year == year]


def pace_of(agreement: Agreement, tallies: Iterable[Tally], month: date) -> float:
    """How many in a month of the last twelve of the term."""
    last = [each for each in months_of(agreement, None) if each <= month][-PACE_MONTHS:]
    return sum(each.reached for each in tallies if each.month in last) / len(last) if last else 0.0


def forecast_of(reached: int, pace: float, months_left: int) -> int:
    return reached + round(pace * months_left)
