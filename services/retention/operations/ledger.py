"""A second payment to one person (重复发放) is settled: the period counts once, and an officer says what became of the other."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.retention.rules.ledger import Entry, Settlement
from services.retention.store import ledger


async def settle_entry(tx: Transaction, caller: Caller, id: UUID, settlement: Settlement, on: date) -> Entry:
    """Once; raises NothingToSettle."""
    settled = (await ledger.lock_entry(tx, id)).settled(settlement, caller.subject, on)
    await ledger.update_entry_settled(tx, settled)
    tx.trail.note(persons=[settled.person], entities=[f"ledger:{id}"])
    log.info("settle_entry", entry=str(id), settlement=settlement)
    return settled
