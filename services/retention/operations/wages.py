"""工资: what was paid for a month, and how it is known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common import problems
from libs.common.database import Transaction
from libs.common.telemetry import log
from services.retention.operations.spells import own_spell
from services.retention.rules.calendar import days_of_month
from services.retention.store import spells


async def record_wage(tx: Transaction, spell_id: UUID, *, month: str, amount_fen: int, evidence: str) -> Row[Any]:
    """Note a month's pay with its evidence; a month outside the spell is refused."""
    spell = await own_spell(tx, spell_id)
    first, last = days_of_month(month)
    if last < spell.start or (spell.end is not None and first > spell.end):
        raise problems.refuse_field(
            "/month", "outside_spell", "该月不在岗 The person was not in this work in that month."
        )
    wage = await spells.put_wage(tx, spell_id, month=month, amount_fen=amount_fen, evidence=evidence)
    log.info("record_wage", spell=str(spell_id), month=month, evidence=evidence)
    return wage
