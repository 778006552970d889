"""Vacancies that nobody new is introduced to for now (暂停): expired, or of a blacklisted firm; judged by one clock, settled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.indicators import note_changes
from libs.common.telemetry import log
from services.jobs.operations.announcing import announce_vacancies, announce_withdrawal
from services.jobs.rules.vacancies import Vacancy
from services.jobs.store import pauses, vacancies

# So many in a transaction: nobody waits long for one of them.
PORTION = 200


async def settle_pauses(tx: Transaction, on: date, *, employer: UUID | None = None, vacancy: UUID | None = None) -> int:
    """Whatever stands otherwise than this day says, of one employer, one vacancy or all; answers how many that were.

    Each is held while it is settled, so a second worker, or one that was killed and begins again, finds nothing left to do.
    """
    limit = None if employer or vacancy else PORTION
    due = await pauses.lock_pauses_due(tx, on, employer=employer, vacancy=vacancy, limit=limit)
    for each, because in due:
        await _settle(tx, each, because, on)
    return len(due)


async def _settle(tx: Transaction, before: Vacancy, because: str | None, on: date) -> None:
    after = await vacancies.update_vacancy(tx, before, replace(before, paused=because))
    if before.paused:
        await pauses.update_pause_ended(tx, before.id, on)
    if because:
        await pauses.insert_pause(tx, before.id, on, because)
    if before.announced and not after.announced:
        await announce_withdrawal(tx, before, because or "", on)
    await announce_vacancies(tx, [after], on)
    await note_changes(tx, before.city, on, [before.id])
    log.info("settle_pause", vacancy=str(before.id), before=before.paused, after=because)
