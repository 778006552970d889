"""核查: each quarter everyone placed has one owner; the task moves when the situation moves, and is answered with evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.calendar import quarter_of
from libs.common.database import Transaction
from libs.common.events.retention import VerificationMoved, VerificationReported
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.situation import tell_out_of_work
from services.retention.rules.calendar import days_of_quarter
from services.retention.rules.introductions import Introduction
from services.retention.rules.verification import Finding, NotOwner, Verification, check_answer, concerns, owner_of
from services.retention.store import verifications

BATCH = 1000


async def hand_verification(tx: Transaction, introduction: Introduction, *, to: str, on: date) -> None:
    """The task of the day's quarter goes to another owner; the city, which knows first, tells the home county."""
    quarter = quarter_of(on)
    if await verifications.upsert_verification(tx, introduction.id, quarter, to, on):
        places = {"county": introduction.county, "city": introduction.city}
        moved = VerificationMoved(introduction=introduction.id, **places, quarter=quarter, owner=to, on=on)
        await announce(tx, moved, to=f"n{introduction.county}")


async def open_quarter(tx: Transaction, quarter: str) -> int:
    """季初: put everyone placed whom this node must know of on the quarter's list; answers how many tasks were added."""
    first, last = days_of_quarter(quarter)
    added, after = 0, None
    while placed := await verifications.list_placed_without_task(tx, quarter, first, last, after, BATCH):
        owners = [(one.introduction, owner_of(one.county, one.works_in)) for one in placed if concerns(tx.node.id, one)]
        added += await verifications.insert_verifications_if_absent(tx, quarter, first, owners)
        after = placed[-1].introduction
    log.info("open_quarter", quarter=quarter, added=added)
    return added


async def answer_verification(tx: Transaction, id: UUID, *, outcome: str, grade: str | None, on: date) -> Verification:
    """The owner says what was found and how it is known; the home county gets the city's answer for its own count."""
    task = await verifications.lock_verification(tx, id)
    if task.owner != tx.node.id:
        raise NotOwner(f"由 {task.owner} 核查 It belongs to {task.owner}.")
    check_answer(outcome, grade)
    await tx.widen()
    found = Finding(task.quarter, outcome, grade, on)
    await verifications.update_answer(tx, id, found)
    await verifications.upsert_finding(tx, task.introduction, tx.node.id, found)
    await _tell_found(tx, task, found)
    log.info("answer_verification", verification=str(id), outcome=outcome, grade=grade)
    return replace(task, outcome=outcome, grade=grade, answered_on=on, version=task.version + 1)


async def _tell_found(tx: Transaction, task: Verification, found: Finding) -> None:
    """The home county hears what the city found; at home, who has left is on its list again."""
    if task.county != tx.node.code:
        report = VerificationReported(
            introduction=task.introduction,
            county=task.county,
            city=task.city,
            quarter=found.quarter,
            outcome=found.outcome,
            grade=found.grade,
            on=found.on,
        )
        await announce(tx, report, to=f"n{task.county}")
    elif found.outcome == "left" and task.person is not None:
        await tell_out_of_work(tx, task.person, found.on)
