"""Entered by mistake (录入有误): whoever took the last step takes it back, until the other side has acted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.telemetry import log
from services.matching.operations.introductions import messages as news
from services.matching.operations.introductions.city import check_here, why_no_place
from services.matching.operations.introductions.consents import close_consent
from services.matching.operations.introductions.county import check_still_there, own_introduction
from services.matching.operations.introductions.moving import take
from services.matching.rules.introductions import refusals
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import MISTAKE
from services.matching.rules.introductions.records import Introduction, StepTaken
from services.matching.rules.introductions.steps import COUNTY, OPEN, SIGNED
from services.matching.store import introductions as store
from services.matching.store import lists


async def undo_introduction(tx: Transaction, introduction: UUID, on: date, by: str) -> Introduction:
    """One's own last step is taken back; a yes that was never given ends, and the place is held anew for the person to be asked."""
    row = await store.get_introduction(tx, introduction)
    side = rules.step_to(row.state, COUNTY).taken_by
    row = await (own_introduction(tx, introduction) if side == COUNTY else _lock_here(tx, introduction))
    back = _judge(row, side, await store.list_steps(tx, introduction), on, by)
    await _check(tx, row, back)
    (moved,) = await take(tx, [row], side, back, on, by, MISTAKE)
    if row.state == "agreed":
        await close_consent(tx, row, MISTAKE, on, by)
        await _hold_anew(tx, row, on, by)
    log.info("undo_introduction", introduction=str(introduction), undone=row.state, stands=back)
    return moved


async def _lock_here(tx: Transaction, introduction: UUID) -> Introduction:
    row = await store.lock_introduction(tx, introduction)
    check_here(tx, row)
    return row


def _judge(row: Introduction, side: str, steps: Sequence[StepTaken], on: date, by: str) -> str:
    """What stands afterwards. An officer takes back what anybody of the office has entered, others what they have themselves."""
    last = steps[-1]
    role = by.split("/")[-1]
    if last.state != row.state or "/" not in last.by or (last.by != by and role != "officer"):
        raise refusals.NothingToUndo()
    led = rules.step_to(row.state, side).after
    before = next((step.state for step in reversed(steps[:-1]) if step.state in led), None)
    return rules.undone(row.state, side, before, reason=row.reason, days_ago=(on - row.changed_on).days)


async def _check(tx: Transaction, row: Introduction, back: str) -> None:
    """Whoever takes an end back needs what it had freed: the person at the county, the opening at the city."""
    if row.state in OPEN:
        return
    if back in rules.UNDECIDED:
        await _check_person_free(tx, row)
    elif refusal := await why_no_place(tx, row):
        raise refusals.VacancyGone(refusal) if refusal == "vacancy_withdrawn" else refusals.NoOpeningLeft(refusal)


async def _check_person_free(tx: Transaction, row: Introduction) -> None:
    check_still_there(row, await lists.list_vacancies(tx, [row.vacancy]))
    known = await store.lock_introductions_of_person(tx, row.whose, (*OPEN, "started"))
    if any(each.state in SIGNED for each in known):
        raise refusals.PersonPlaced(str(row.person))
    if any(each.vacancy == row.vacancy for each in known):
        raise refusals.AlreadyIntroduced(str(row.person))


async def _hold_anew(tx: Transaction, row: Introduction, on: date, by: str) -> None:
    """A consent belongs to one introduction, and this one's card may be on its way: the place goes on under a new one."""
    state = "held" if row.run else "proposed"
    fresh = replace(row, introduction=new_id(), state=state, changed_on=on, turn=1, version=1, reason=None)
    fresh = replace(fresh, consent=None, consent_on=None, guest=None, wage=None, fair=None)
    await news.send(tx, await store.insert_introductions_if_absent(tx, [fresh], by))
