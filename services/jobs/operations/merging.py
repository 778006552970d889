"""Two entries of one firm become one (合并): what hangs on the one that goes hangs on the other, in every service of this node."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.jobs import EmployersMerged
from libs.common.identity import Caller
from libs.common.indicators import note_changes
from libs.common.outbox import announce
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.jobs.operations.designations import note_intake
from services.jobs.operations.fair_announcing import carry_booths
from services.jobs.operations.history import note_written
from services.jobs.operations.vacancies import rename_employer
from services.jobs.rules.employers import Employer, check_merge, merged
from services.jobs.store import checks, courses, designations, employers


async def merge_employers(
    tx: Transaction, caller: Caller, employer: UUID, goes: str, *, reason: str, on: date
) -> Employer:
    """The one that stays takes over vacancies, blacklisting and what it does not know itself; the other one stays on record."""
    one, other = await _lock_both(tx, employer, goes)
    check_merge(one, other)
    kept = await employers.update_employer(tx, one, merged(one, other))
    gone = await employers.update_employer(tx, other, replace(other, state="merged", merged_into=one.id))
    await employers.update_merged_into(tx, other.id, one.id)
    await designations.update_designations_merged(tx, other.id, one.id)
    await checks.update_checks_merged(tx, other.id, one.id)
    await carry_booths(tx, other.id, kept, on)
    await courses.update_courses_merged(tx, other.id, kept)
    await note_written(tx, [(one, kept), (other, gone)], caller.subject, reason=reason)
    await rename_employer(tx, other, kept, on)
    await announce(tx, _told(kept, other, on))
    await note_changes(tx, kept.city, min(one.listed_on, other.listed_on), [one.id, other.id])
    held = await designations.list_ids_of_employer(tx, one.id)
    if held:
        await note_intake(tx, kept.city, one.id, min(one.listed_on, other.listed_on), *held)
    log.info("merge_employers", stays=str(one.id), goes=str(other.id))
    return kept


async def _lock_both(tx: Transaction, employer: UUID, goes: str) -> tuple[Employer, Employer]:
    """The entry that stays and the one with this credit code in its city, held in the order of their ids."""
    stays = await employers.get_employer(tx, employer)
    other = await employers.find_entry_id(tx, stays.city, goes)
    if other is None:
        raise refuse_field("/goes", "no_employer", "名单中没有这家单位 There is no such employer on the list")
    held = await employers.lock_employers(tx, {employer, other})
    return held[employer], held[other]


def _told(kept: Employer, gone: Employer, on: date) -> EmployersMerged:
    return EmployersMerged(
        employer=kept.id,
        goes=gone.id,
        city=kept.city,
        uscc=kept.uscc,
        former_uscc=gone.uscc,
        employer_name=kept.name,
        on=on,
    )
