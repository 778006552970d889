"""A round that was opened by mistake is withdrawn (撤销轮次): its list goes, what was written of the people stays with them."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.rules.round_signatures import WHOLE
from services.registry.rules.rounds import Round, check_withdrawable
from services.registry.store import round_signatures, rounds, work_checks


async def withdraw_round(tx: Transaction, one: UUID, reason: str) -> Round:
    """Nobody writes of anybody meanwhile, so that no row of the list comes after its end; phones hear that nobody waits any more."""
    found = await rounds.lock_round(tx, one)
    await tx.widen()
    await round_signatures.lock_part(tx, one, WHOLE)
    signed = bool(await round_signatures.list_signatures(tx, one))
    check_withdrawable(found, signed=signed, answered=await work_checks.count_work_checks(tx, one))
    listed = await rounds.delete_round(tx, one)
    await round_signatures.update_told(tx, listed)
    tx.trail.note(entities=[f"round:{one}"], kind=found.kind, period=found.period, reason=reason)
    log.info("withdraw_round", round=str(one), kind=found.kind, period=found.period, listed=len(listed))
    return found
