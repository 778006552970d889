"""工资: what was paid for a month of a spell, and how it is known."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from libs.common import problems
from services.retention.rules.calendar import days_of_month
from services.retention.rules.spells import Spell


@dataclass(frozen=True)
class Wage:
    """A month's pay as it stands."""

    id: UUID
    spell: UUID
    month: str
    amount_fen: int
    evidence: str


def check_month(spell: Spell, month: str) -> None:
    """A month in which the person was not in this work has no wage."""
    first, last = days_of_month(month)
    if last < spell.start or (spell.end is not None and first > spell.end):
        raise problems.refuse_field(
            "/month", "outside_spell", "该月不在岗 The person was not in this work in that month."
        )
