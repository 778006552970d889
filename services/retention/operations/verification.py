"""核查: each quarter everyone placed has one owner; the task moves when the situation moves, and is answered with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from libs.common.events.retention import VerificationMoved, VerificationReported
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.situation import tell_out_of_work
from services.retention.rules.calendar import days_of_quarter, quarter_of
from services.retention.rules.verification import NotOwner, check_answer, owner_of_quarter
from services.retention.store import verifications
from services.retention.store.spells import as_rule_sees


async def hand_verification(tx: Transaction, introduction: Row[Any], *, to: str, on: date) -> None:
    """The task of the day's quarter goes to another owner; the city, which knows first, tells the home county."""
    quarter = quarter_of(on)
    if await verifications.assign(tx, introduction.id, quarter, to, on):
        places = {"county": introduction.county, "city": introduction.city}
        moved = VerificationMoved(introduction=introduction.id, **places, quarter=quarter, owner=to, on=on)
        await announce(tx, moved, to=f"n{introduction.county}")


async def open_quarter(tx: Transaction, quarter: str) -> int:
    """季初: put everyone placed whom this node must know of on the quarter's list; answers how many tasks were added."""
    first, last = days_of_quarter(quarter)
    added = 0
    for introduction, rows in groupby(await verifications.placed(tx), key=lambda row: row.introduction):
        known = [row for row in rows if row.start <= last]
        if known:
            added += await _open_task(tx, introduction, known, quarter, first)
    log.info("open_quarter", quarter=quarter, added=added)
    return added


async def _open_task(tx: Transaction, introduction: UUID, known: Sequence[Row[Any]], quarter: str, day: date) -> bool:
    county = known[0].county
    owner = owner_of_quarter(county, [as_rule_sees(row) for row in known], quarter, day)
    if tx.node.code != county and owner != tx.node.id:
        return False
    return await verifications.open_task(tx, introduction, quarter, owner, day)


async def answer_verification(tx: Transaction, id: UUID, *, outcome: str, grade: str | None, on: date) -> Row[Any]:
    """The owner says what was found and how it is known; the home county gets the city's answer for its own count."""
    task = await verifications.lock_verification(tx, id)
    if task.owner != tx.node.id:
        raise NotOwner(f"由 {task.owner} 核查 It belongs to {task.owner}.")
    check_answer(outcome, grade)
    await tx.widen()
    await verifications.put_answer(tx, id, outcome=outcome, grade=grade, on=on)
    found = {"quarter": task.quarter, "outcome": outcome, "grade": grade, "on": on}
    await verifications.put_finding(tx, task.introduction, node=tx.node.id, **found)
    if task.county != tx.node.code:
        report = VerificationReported(introduction=task.introduction, county=task.county, city=task.city, **found)
        await announce(tx, report, to=f"n{task.county}")
    elif outcome == "left" and task.person is not None:
        await tell_out_of_work(tx, task.person, on)
    log.info("answer_verification", verification=str(id), outcome=outcome, grade=grade)
    return await verifications.lock_verification(tx, id)
