"""Identify (精准识别): count who is a labourer by rule v1 as of any day, with every reason for a no, by township."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from libs.common.database import Transaction
from libs.common.identity import Caller
from services.registry.operations.access import check_county
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


async def count_identified(tx: Transaction, caller: Caller, as_of: date) -> Identified:
    """Everybody whom the caller may see, judged by the rule on that day (and not as stored)."""
    check_county(tx, caller)
    counted = Identified(as_of)
    for row in await people.judged_facts(tx, caller.townships):
        verdict = identify(row.birth_date, row.ability, row.pupil, as_of)
        township = counted.townships.setdefault(row.township, Township())
        township.people += 1
        township.labourers += verdict.labourer
        counted.people += 1
        counted.labourers += verdict.labourer
        counted.reasons.update(verdict.reasons)
    return counted
