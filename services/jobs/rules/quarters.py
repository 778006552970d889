"""A quarter that both sides sign (季度签认): what each counts since the last signature, where they differ, and whose turn it is.

The city states (`turn` is the number of its statement), the county signs that statement or says what it counts instead, and the city,
hearing the signature on the statement that stands, closes. So one side alone decides when it is closed, in whatever order news comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common.calendar import last_of_month, quarter_of
from libs.common.problems import refuse_field
from services.jobs.rules.agreements import Agreement
from services.jobs.rules.counting import Happening
from services.jobs.rules.refusals import AgreementFixed, NothingToSettle, QuarterSigned

Side = Literal["city", "county"]
QuarterState = Literal["stated", "answered", "differs", "signed"]
SettleReason = Literal["added_late", "not_a_start", "same_person", "wrong_day", "other"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One that counts (`by` 1), or counts no more (-1), since the last signature."""

    kind: Happening
    reference: UUID
    day: date
    employer_uscc: str
    by: int


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """How a county's quarter stands at this node."""

    id: UUID
    agreement: UUID
    county: str
    quarter: str
    state: QuarterState
    turn: int
    stated_on: date
    answered_on: date | None = None
    signed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Taken from the other side, and why; `by` is whoever did it here, nobody of the other side's."""

    agreement: UUID
    county: str
    quarter: str
    side: Side
    kind: str
    reference: UUID
    reason: str
    note: str
    by: str
    on: date
    # What it led to here: left out of the list from then on.
    excluded: bool


def last_day(quarter: str) -> date:
    """2017Q1 ends on 2017-03-31."""
    return last_of_month(date(int(quarter[:4]), int(quarter[5]) * 3, 1))


def check_quarter(agreement: Agreement, county: str, quarter: str, today: date, signed: Collection[str]) -> None:
    """One that is over, within the term, of a county that signs, and after the last that was signed."""
    if agreement.state == "draft":
        raise AgreementFixed("协议尚未生效 It is not in force yet.")
    if county not in agreement.counties:
        raise refuse_field("/county", "no_part", f"「{county}」不是签约县 Division {county} does not sign it")
    end = last_day(quarter)
    if end >= today:
        raise refuse_field("/period", "not_over", f"本季度到「{end}」才结束 The quarter ends on {end}")
    if not quarter_of(agreement.since) <= quarter <= quarter_of(agreement.until):
        raise refuse_field("/period", "outside", "季度不在协议期限内 The quarter lies outside the agreement")
    if any(each >= quarter for each in signed):
        raise QuarterSigned(f"已签认到「{max(signed)}」 Signed through {max(signed)}.")


def differing(ours: Iterable[Entry], theirs: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What one side has and the other has not, of each."""
    here, there = set(ours), set(theirs)
    return sorted(here - there, key=_order), sorted(there - here, key=_order)


def _order(one: Entry) -> tuple[str, str, date]:
    return one.kind, str(one.reference), one.day


def taken_over(kind: Happening, reference: UUID, ours: Iterable[Entry], theirs: Iterable[Entry]) -> Entry | None:
    """What the other side says of one reference: the entry as it counts there, or None: it does not count there.

    Raises NothingToSettle where both say the same of it.
    """
    mine, other = differing(ours, theirs)
    mine = [each for each in mine if (each.kind, each.reference) == (kind, reference)]
    other = [each for each in other if (each.kind, each.reference) == (kind, reference)]
    if not mine and not other:
        raise NothingToSettle("双方对此没有差异 Both sides say the same of it.")
    counts = [each for each in other if each.by > 0]
    if not counts and not other:  # we say that it counts no more, they still count it
        counts = [replace(each, by=1) for each in mine if each.by < 0]
    return counts[0] if counts else None
