"""The city's side of an introduction: take it in, check the opened card, let the employer decide, see work begin."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import IntroductionHired, IntroductionSent, IntroductionWithdrawn
from libs.common.events.registry import GuestReceived
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.operations.introductions import messages as news
from services.matching.operations.introductions.consents import end_if_withdrawn
from services.matching.operations.introductions.priority_check import priority_declared_holds
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.records import Guest, Introduction
from services.matching.rules.introductions.steps import CITY
from services.matching.store import consents, lists
from services.matching.store import introductions as store


async def receive_introduction(tx: Transaction, event: IntroductionSent, node: str) -> None:
    """The city's copy of an introduction follows the county's steps; the county can say nothing once the city has decided."""
    if node != f"n{event.county}" or event.city != tx.node.code or node == tx.node.id:
        return
    copy = Introduction(**{**event.model_dump(exclude={"on"}), "groups": list(event.groups)}, changed_on=event.on)
    if not await store.insert_introductions_if_absent(tx, [copy], node):
        await _follow(tx, await store.lock_introduction(tx, event.introduction), event, node)
    await _introduce_if_ready(tx, event.introduction)


async def _follow(tx: Transaction, row: Introduction, event: IntroductionSent, node: str) -> None:
    if row.county != event.county or row.vacancy != event.vacancy:
        return
    if rules.follows(row.state, event.state):
        await store.update_state(tx, [row], event.state, event.on, node)
    if row.state in rules.UNDECIDED:
        facts = event.model_dump(include={"number", "priority", "shared", "seat", "weights"})
        await store.update_introduction(tx, row.introduction, **facts, groups=list(event.groups))


async def take_back_introduction(tx: Transaction, event: IntroductionWithdrawn, node: str) -> None:
    """The county ends an introduction that is still its own to decide; the opening is free."""
    row = await store.lock_introduction_if_known(tx, event.introduction)
    if row is not None and node == f"n{row.county}" and row.state in rules.UNDECIDED:
        await store.update_state(tx, [row], event.state, event.on, node, event.reason)


async def receive_guest(tx: Transaction, event: GuestReceived) -> None:
    """The registry has opened the card: the facts are here, and whoever they are of has agreed."""
    if await consents.find_withdrawal(tx, event.introduction, event.county):
        return
    facts = event.model_dump(exclude={"on", "certificates", "groups"})
    certificates, groups = list(event.certificates), list(event.groups)
    guest = Guest(**facts, certificates=certificates, groups=groups, received_on=event.on)
    await store.insert_guest_if_absent(tx, guest)
    await _introduce_if_ready(tx, event.introduction)


async def _introduce_if_ready(tx: Transaction, introduction: UUID) -> None:
    """Introduced needs both the county's word that the person agreed and the opened card; they come in either order."""
    guest = await store.find_guest(tx, introduction)
    row = await store.lock_introduction_if_known(tx, introduction)
    if row is not None and await end_if_withdrawn(tx, row):
        return
    if guest is None or row is None or row.state != "agreed" or row.city != tx.node.code:
        return
    on = max(row.changed_on, guest.received_on)
    refusal = await _why_not(tx, row)
    state = "refused" if refusal else "introduced"
    if refusal:
        log.warning("introduction_refused", introduction=str(introduction), reason=refusal)
    await news.answer(tx, await store.update_state(tx, [row], state, on, tx.node.id, refusal, guest=guest.guest))


async def _why_not(tx: Transaction, row: Introduction) -> str | None:
    vacancy = await lists.lock_vacancy(tx, row.vacancy)
    if vacancy is None or vacancy.withdrawn_on is not None:
        return "vacancy_withdrawn"
    if row.priority is not None and not await priority_declared_holds(tx, row):
        return "priority_mismatch"
    taken = await store.count_taken(tx, row.vacancy, vacancy.openings)
    return None if rules.has_room(taken, of_run=row.run is not None) else "no_opening"


async def hire_introduction(tx: Transaction, introduction: UUID, on: date, by: str) -> Introduction:
    """录用: the employer takes the person; jobs counts the opening, retention waits for the first day."""
    row = await _here(tx, introduction)
    rules.check_step(row.state, "hired", CITY)
    vacancy = await lists.lock_vacancy(tx, row.vacancy)
    if vacancy is None or vacancy.withdrawn_on is not None:
        raise rules.VacancyGone(str(row.vacancy))
    moved = await store.update_state(tx, [row], "hired", on, by, wage=vacancy.wage)
    await news.answer(tx, moved)
    hired = IntroductionHired(
        introduction=introduction,
        county=row.county,
        city=row.city,
        vacancy=row.vacancy,
        on=on,
        guest=row.guest,
        employer_uscc=vacancy.employer_uscc,
        occupation=vacancy.occupation,
        wage=vacancy.wage,
        seat=row.seat,
    )
    await announce(tx, hired)
    log.info("hire_introduction", introduction=str(introduction), vacancy=str(row.vacancy))
    return moved[0]


async def reject_introduction(tx: Transaction, introduction: UUID, reason: str, on: date, by: str) -> Introduction:
    """不录用: with a named reason; the opening is free again."""
    row = await _here(tx, introduction)
    rules.check_step(row.state, "rejected", CITY, reason)
    moved = await store.update_state(tx, [row], "rejected", on, by, reason)
    log.info("reject_introduction", introduction=str(introduction), reason=reason)
    await news.answer(tx, moved)
    return moved[0]


async def start_work(tx: Transaction, introduction: UUID, on: date) -> None:
    """到岗: retention says that the spell has begun."""
    await _hear_retention(tx, introduction, "started", on)


async def end_work(tx: Transaction, introduction: UUID, on: date) -> None:
    """离岗返乡: whoever has come home is free for another introduction; a move to another post here is no end."""
    await _hear_retention(tx, introduction, "ended", on)


async def _hear_retention(tx: Transaction, introduction: UUID, state: str, on: date) -> None:
    row = await store.lock_introduction_if_known(tx, introduction)
    if row is not None and row.city == tx.node.code and rules.follows(row.state, state):
        await news.answer(tx, await store.update_state(tx, [row], state, on, tx.node.id))


async def _here(tx: Transaction, introduction: UUID) -> Introduction:
    row = await store.lock_introduction(tx, introduction)
    if row.city != tx.node.code:
        raise rules.StepNotPossible(f"此步骤由 n{row.city} 办理 This step belongs to n{row.city}.")
    return row
