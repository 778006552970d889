"""A firm is designated (认定) for a time, by whom, for how many; it ends by an officer or by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.indicators import note_changes
from libs.common.telemetry import log
from services.jobs.operations.employers import lock_listed
from services.jobs.operations.history import note_written
from services.jobs.rules.designations import Designation, DesignationKind, check_time, ended
from services.jobs.rules.employers import Employer
from services.jobs.rules.refusals import DesignatedAlready
from services.jobs.store import designations, employers, vacancies

# What ended a designation whose last day is over, and who: nobody.
BY_ITSELF = "到期"
PORTION = 100


async def designate(
    tx: Transaction,
    caller: Caller,
    uscc: str,
    kind: DesignationKind,
    *,
    since: date,
    until: date,
    by: str,
    promised: int,
    city: str,
) -> UUID:
    """One of a kind at a time; the firm's entry carries the mark from then on."""
    tx.reach.check(city)
    check_time(since, until)
    firm = await lock_listed(tx, city, uscc)
    running = await designations.find_running(tx, firm.id, kind)
    if running is not None:
        raise DesignatedAlready(
            f"现有认定至 {running.until} 日；先结束它 One holds until {running.until}: end it first.",
            extensions={"known_as": f"/jobs/v1/designations/{running.id}"},
        )
    made = Designation(id=new_id(), employer=firm.id, kind=kind, since=since, until=until, by=by, promised=promised)
    await designations.insert_designation(tx, made)
    await _mark(tx, made, caller.subject, by, holds=True)
    await note_intake(tx, city, made.employer, since, made.id)
    log.info("designate", employer=str(firm.id), kind=kind)
    return made.id


async def end_designation(tx: Transaction, caller: Caller, one: UUID, *, reason: str, on: date) -> None:
    """Before its last day, with a reason."""
    before = await designations.lock_designation(tx, one)
    after = await designations.update_designation(tx, before, ended(before, on, reason))
    firm = await _mark(tx, after, caller.subject, reason, holds=False)
    await note_intake(tx, firm.city, firm.id, min(on, before.until), one)
    log.info("end_designation", designation=str(one))


async def end_designations_over(tx: Transaction, on: date) -> int:
    """Those whose last day is over end by themselves, once; answers how many."""
    over = await designations.lock_designations_over(tx, on, PORTION)
    for each in over:
        after = await designations.update_designation(tx, each, ended(each, each.until, BY_ITSELF))
        await _mark(tx, after, tx.node.id, BY_ITSELF, holds=False)
    return len(over)


async def note_intake(tx: Transaction, city: str, employer: UUID, on: date, *counted: UUID) -> None:
    """Figures of these designations, and of whoever was hired at the firm's posts, may be others from this day on."""
    await note_changes(tx, city, on, [*counted, *await vacancies.list_ids_of_employer(tx, employer)])


async def _mark(tx: Transaction, one: Designation, by: str, reason: str, *, holds: bool) -> Employer:
    """The mark on the firm's entry, which lists narrow by; answers the entry."""
    before = await employers.lock_employer(tx, one.employer)
    after = replace(before, designated=holds) if one.kind == "designated" else replace(before, base=holds)
    if after == before:
        return before
    changed = await employers.update_employer(tx, before, after)
    await note_written(tx, [(before, changed)], by, reason=reason)
    return changed
