"""失信名单: a blacklisted firm's vacancies leave the supply, and come back by themselves when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.jobs.operations.employers import lock_current
from services.jobs.operations.history import note_written
from services.jobs.operations.pausing import settle_pauses
from services.jobs.rules.employers import Employer
from services.jobs.store import employers


async def blacklist_employer(
    tx: Transaction, caller: Caller, employer: UUID, *, reason: str, until: date, on: date
) -> Employer:
    """From that day until the last one, both counting; said again it holds as it was said last."""
    if until < on:
        raise refuse_field("/until", "before_begin", f"截止日不得早于起始日「{on}」 It ends before it begins on {on}")
    before = await lock_current(tx, employer)
    after = replace(before, blacklisted_from=on, blacklisted_until=until, blacklisted_because=reason)
    return await _write(tx, caller, before, after, reason, on)


async def lift_blacklisting(tx: Transaction, caller: Caller, employer: UUID, *, reason: str, on: date) -> Employer:
    """Taken back before its end: from that day on the firm's vacancies are offered again."""
    before = await lock_current(tx, employer)
    after = replace(before, blacklisted_from=None, blacklisted_until=None, blacklisted_because="")
    return await _write(tx, caller, before, after, reason, on)


async def _write(tx: Transaction, caller: Caller, before: Employer, after: Employer, reason: str, on: date) -> Employer:
    stored = await employers.update_employer(tx, before, after)
    await note_written(tx, [(before, stored)], caller.subject, reason=reason)
    await settle_pauses(tx, on, employer=stored.id)
    log.info("blacklist_employer", employer=str(stored.id), until=str(stored.blacklisted_until))
    return stored
