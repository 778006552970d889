"""Spells of employment (就业) as the rules see them, and where somebody works seen from the home county (务工状况)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from libs.common import problems

ASSISTED, OWN_ACCOUNT = "帮扶就业", "自主就业"

# 离岗原因. Only `transfer` is followed by another spell; the other reasons are what the employer or the person said.
Reason = Literal["transfer", "contract_ended", "dismissed", "own_wish", "family", "other_job", "health", "unknown"]
Parting = Literal["contract_ended", "dismissed", "own_wish", "family", "other_job", "health", "unknown"]


class NotHired(problems.Conflict):
    title = "尚未录用 Not hired yet"


class AlreadyInWork(problems.Conflict):
    title = "已在岗 Already in work on this introduction"


class NotHere(problems.Conflict):
    title = "由就业地登记 The city where the person works keeps this spell"


class SpellHasEnded(problems.Conflict):
    title = "已离岗 The spell has ended"


@dataclass(frozen=True, kw_only=True)
class Spell:
    """One spell: `end` is the last day in work. The county knows the person behind it, the city the guest."""

    id: UUID
    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    employer_uscc: str | None
    occupation: str | None
    start: date
    wage_fen: int
    assisted: bool
    previous: UUID | None = None
    end: date | None = None
    reason: str | None = None
    returned_home: bool = False
    version: int = 1
    person: UUID | None = None
    guest: UUID | None = None


def counted_for(spell: Spell) -> list[UUID]:
    """Whose figures a spell moves: its own, and the person's where the county knows who it is."""
    return [spell.id] if spell.person is None else [spell.id, spell.person]


def covers(spell: Spell, day: date) -> bool:
    return spell.start <= day and (spell.end is None or day <= spell.end)


def work_place(county: str, city: str) -> str:
    """务工所在地 by division: 02 in the county, 03 in the province, 04 elsewhere in China.

    01 (within the township) is never said here: a city's division does not tell the township.
    """
    if city == county:
        return "02"
    return "03" if city[:2] == county[:2] else "04"


def check_dates(start: date, end: date, pointer: str = "/end") -> None:
    """A spell cannot end before it began."""
    if end < start:
        raise problems.refuse_field(
            pointer, "before_start", f"不得早于上岗日期「{start}」 Not before the start {start}."
        )


def check_past(day: date, today: date, pointer: str) -> None:
    """A start or an end is a fact: it is not reported before it has happened."""
    if day > today:
        raise problems.refuse_field(
            pointer, "in_future", f"日期晚于今天（{today}） The date lies after today, {today}."
        )


def days_worked(spells: Iterable[Spell], as_of: date) -> int:
    """Days in work up to and including a day; overlapping spells count once."""
    days, reached = 0, date.min
    for spell in sorted(spells, key=lambda spell: spell.start):
        first, last = max(spell.start, reached), min(spell.end or as_of, as_of)
        if last >= first:
            days += (last - first).days + 1
            reached = date.fromordinal(last.toordinal() + 1)
    return days
