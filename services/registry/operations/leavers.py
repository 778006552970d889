"""A school leaver's plan (两后生打算) is noted as it was said; the same word again is one word."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.rules.departures import check_here
from services.registry.rules.leavers import Plan, SaidPlan, check_leaver
from services.registry.store import leavers, people


async def say_plan(tx: Transaction, caller: Caller, one: UUID, plan: Plan, *, said_on: date, note: str) -> None:
    """Of somebody who is a leaver on that day. The row is held, so that two who say it at once say it after each other."""
    person = await people.lock_person(tx, one)
    check_here(person)
    check_leaver(person.birth_date, person.education, person.pupil, said_on)
    if any(each.says(plan, said_on, note) for each in (await leavers.list_said_plans(tx, one))[:1]):
        return
    said = SaidPlan(
        id=new_id(), person=one, plan=plan, said_on=said_on, note=note, noted_by=caller.subject, at=tx.node.clock.now()
    )
    await leavers.insert_said_plan(tx, said)
    tx.trail.note(persons=[one], fields=["plan"])
    log.info("say_plan", person=str(one), plan=plan)
