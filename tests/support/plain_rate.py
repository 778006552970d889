"""稳岗率 the plain way, one placing after another in memory: what the statements of the store are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.common.calendar import add_months, quarter_of
from services.retention.rules.rate import Check, DueCheck
from services.retention.rules.spells import Spell, covers
from services.retention.rules.verification import Finding


@dataclass(frozen=True)
class Placement:
    """One introduction that led to work: its first spell, all spells of that person, what was found."""

    first: Spell
    spells: Sequence[Spell]
    findings: Sequence[Finding] = ()


def checks_due(placements: Sequence[Placement], month: int, as_of: date) -> dict[UUID, DueCheck]:
    """Everyone whose k-month check is due by a day, by introduction."""
    due = [(one, add_months(one.first.start, month)) for one in placements]
    return {
        one.first.introduction: DueCheck(one.first.introduction, day, _check(one, day, as_of))
        for one, day in due
        if day <= as_of
    }


def _check(placement: Placement, day: date, as_of: date) -> Check:
    work = next((spell for spell in placement.spells if covers(spell, day)), None)
    found = [one for one in placement.findings if one.quarter == quarter_of(day) and day <= one.on <= as_of]
    last = max(found, key=lambda one: one.on, default=None)
    same = None if work is None else work.employer_uscc == placement.first.employer_uscc
    return Check(same, last.outcome if last else None, last.grade if last else None)
