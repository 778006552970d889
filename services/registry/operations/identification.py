"""Identify (精准识别): count who is a labourer by rule v1 at the end of a quarter, with every reason for a no, by township."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from libs.common.calendar import is_quarter_end
from libs.common.database import Transaction
from libs.common.problems import refuse_field
from services.registry.rules import IDENTIFICATION_RULE, identify
from services.registry.store import people


@dataclass
class Township:
    """How many people of a township are in the register, and how many of them are labourers."""

    people: int = 0
    labourers: int = 0


@dataclass
class Identified:
    """The whole register judged on one day."""

    as_of: date
    rule: str = IDENTIFICATION_RULE
    people: int = 0
    labourers: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    townships: dict[str, Township] = field(default_factory=dict)


async def count_identified(tx: Transaction, as_of: date) -> Identified:
    """Everybody within reach, judged by the rule on that day (and not as stored)."""
    if not is_quarter_end(as_of):
        raise refuse_field(
            "/query/as_of",
            "quarter_end",
            "只在季末统计 Counted at the ends of quarters alone: 03-31, 06-30, 09-30, 12-31.",
        )
    counted = Identified(as_of)
    for alike in await people.list_judged_groups(tx, as_of):
        verdict = identify(alike.birth_date, alike.ability, alike.pupil, as_of)
        township = counted.townships.setdefault(alike.township, Township())
        township.people += alike.people
        township.labourers += alike.people * verdict.labourer
        counted.people += alike.people
        counted.labourers += alike.people * verdict.labourer
        counted.reasons.update(dict.fromkeys(verdict.reasons, alike.people))
    return counted
