"""A lead (线索) is noted, followed until it is a vacancy, or dropped with a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.jobs.rules.leads import Lead, became, dropped
from services.jobs.rules.vacancies import Vacancy
from services.jobs.store import leads


async def note_lead(tx: Transaction, lead: Lead) -> Lead:
    tx.reach.check(lead.city)
    await leads.insert_lead(tx, lead)
    log.info("note_lead", lead=str(lead.id), source=lead.source)
    return lead


async def drop_lead(tx: Transaction, lead: UUID, *, reason: str, on: date) -> Lead:
    """Nothing came of it."""
    return await leads.update_lead(tx, dropped(await leads.lock_lead(tx, lead), reason, on))


async def close_lead(tx: Transaction, lead: UUID, vacancy: Vacancy, on: date) -> None:
    """It is on the list now; a second vacancy of one lead is refused, and with it whatever was entered."""
    await leads.update_lead(tx, became(await leads.lock_lead(tx, lead), vacancy.id, on))
