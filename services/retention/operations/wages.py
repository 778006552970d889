"""工资: what was paid for a month, and how it is known."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.telemetry import log
from services.retention.operations.spells import own_spell
from services.retention.rules.wages import Wage, check_month
from services.retention.store import spells, stated_promises


async def record_wage(tx: Transaction, spell_id: UUID, *, month: str, amount_fen: int, evidence: str) -> Wage:
    """Note a month's pay with its evidence; a month outside the spell is refused."""
    spell = await own_spell(tx, spell_id)
    check_month(spell, month)
    wage = await spells.upsert_wage(tx, Wage(new_id(), spell_id, month, amount_fen, evidence))
    await stated_promises.insert_due(tx, spell.vacancy)
    log.info("record_wage", spell=str(spell_id), month=month, evidence=evidence)
    return wage
