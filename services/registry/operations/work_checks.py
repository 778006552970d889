"""Ask after somebody's work in a month (务工月监测): the answer settles the person in the month's round, and goes where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.registry import WorkChecked
from libs.common.identity import Caller
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.operations.situations import state_situations
from services.registry.rules.changes import FieldChange, Origin
from services.registry.rules.departures import check_here
from services.registry.rules.round_lists import check_settles
from services.registry.rules.rounds import Round
from services.registry.rules.work_checks import (
    NoLastMonth,
    WorkCheck,
    WorkSaid,
    check_known,
    check_said,
    placed,
    situation_said,
    text_of_check,
)
from services.registry.store import people, round_lists, round_signatures, rounds, work_checks


@dataclass(frozen=True)
class Answered:
    """The answer as it stands, and whether the register knows the person's work otherwise since."""

    check: WorkCheck
    restated: bool


async def check_work(
    tx: Transaction, caller: Caller, one: UUID, person: UUID, said: WorkSaid | None, *, on: date, confirmed: bool
) -> Answered:
    """Without a word (None) as last month (同上月). Said again alike it changes nothing, said otherwise both stand in the history."""
    found = await rounds.get_round(tx, one)
    check_here(await people.lock_person(tx, person))
    listed = await round_lists.find_round_person(tx, one, person)
    signed = listed is not None and await round_signatures.find_signed(tx, one, listed.township)
    check_settles(found, listed, on, signed=found.state == "signed" or signed, kind="month")
    before = await work_checks.find_check(tx, one, person)
    as_last = said is None
    known = await work_checks.find_situation(tx, person, on)
    told = placed(await _as_last(tx, found, person) if said is None else said, known)
    check_said(told)
    otherwise = check_known(told, known, confirmed=confirmed)
    if before is not None and before.said == told and before.on == on:
        return Answered(before, False)
    await tx.widen()
    check = WorkCheck(
        round=one,
        person=person,
        on=on,
        **vars(told),
        as_last=as_last,
        checked_by=caller.subject,
        at=tx.node.clock.now(),
    )
    await _write(tx, caller, found, before, check)
    if otherwise:
        await state_situations(tx, [situation_said(person, told, known, on)], Origin(caller.subject, "form"))
        await people.update_person_version(tx, person)
        await announce_people(tx, [person], on)
        await note_figures(tx, [person], on)
    log.info("check_work", person=str(person), round=str(one), restated=otherwise)
    return Answered(check, otherwise)


async def _as_last(tx: Transaction, found: Round, person: UUID) -> WorkSaid:
    last = await work_checks.find_check_before(tx, person, found.period)
    if last is None:
        raise NoLastMonth("请逐项填写 Say it item by item.")
    return WorkSaid(last.still_there or last.work_place is not None, last.work_place, last.paid, last.on_time)


async def _write(tx: Transaction, caller: Caller, found: Round, before: WorkCheck | None, check: WorkCheck) -> None:
    """The answer, the change on record, and the fact for the node's other services."""
    await work_checks.upsert_check(tx, check)
    change = FieldChange(check.person, "work_check", text_of_check(before), text_of_check(check), check.on)
    await record_changes(tx, [change], Origin(caller.subject, "form"))
    await announce(
        tx,
        WorkChecked(
            person=check.person,
            month=found.period,
            still_there=check.still_there,
            work_place=check.work_place,
            paid=check.paid,
            on_time=check.on_time,
            on=check.on,
        ),
    )
