"""A household's points (家庭困难分), rule burden-1: 0-100 from what the national export holds, published and versioned.

低保 20, 特困供养 10, the share of members who cannot earn (unable, under 16 or over 59) times 30, 患有大病 15,
残疾 10, pupils 5 each up to 15. The points go into a person's priority at a vacancy (matching v1, section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.rules.identification import age_on

BURDEN_RULE = "burden-1"
LOW_INCOME, DESTITUTE, DEPENDANTS, ILLNESS, DISABILITY, PUPIL, PUPILS = 20, 10, 30, 15, 10, 5, 15


@dataclass(frozen=True)
class Member:
    """What the rule looks at in one member of a household."""

    birth_date: date
    ability: str
    pupil: str
    health: Sequence[str]
    low_income: bool
    destitute: bool


def household_burden(members: Sequence[Member], as_of: date) -> int:
    """The points of one household on a day; an empty household has none."""
    if not members:
        return 0
    dependants = sum(1 for member in members if _depends(member, as_of))
    pupils = sum(1 for member in members if member.pupil and member.pupil != "学龄前儿童")
    return (
        LOW_INCOME * any(member.low_income for member in members)
        + DESTITUTE * any(member.destitute for member in members)
        + DEPENDANTS * dependants // len(members)
        + ILLNESS * any("患有大病" in member.health for member in members)
        + DISABILITY * any("残疾" in member.health for member in members)
        + min(PUPIL * pupils, PUPILS)
    )


def _depends(member: Member, as_of: date) -> bool:
    return not 16 <= age_on(member.birth_date, as_of) <= 59 or member.ability in ("丧失劳动力", "无劳动力")
