"""The city's side of an introduction: take it in, check the opened card, let the employer decide, see work begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.matching import IntroductionSent, IntroductionWithdrawn
from libs.common.events.registry import GuestReceived
from libs.common.telemetry import log
from services.matching.operations.introductions.consents import end_if_withdrawn
from services.matching.operations.introductions.moving import (
    Answers,
    answers_of,
    end_many,
    follow,
    judge,
    lock_own,
    take,
)
from services.matching.operations.introductions.priority_check import priority_declared_holds
from services.matching.rules.introductions import refusals
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.records import Guest, Introduction
from services.matching.rules.introductions.steps import CITY
from services.matching.rules.introductions.turns import Word
from services.matching.rules.lists import ListedVacancy
from services.matching.store import consents, lists
from services.matching.store import introductions as store


async def receive_introduction(tx: Transaction, event: IntroductionSent, node: str) -> None:
    """The city's copy of an introduction follows the county's steps, as far as they are newer than what is known."""
    if not _told_by_county(tx, event, node) or event.state not in rules.COUNTY_WAITS:
        return
    copy = Introduction(**{**event.model_dump(exclude={"on"}), "groups": list(event.groups)}, changed_on=event.on)
    if not await store.insert_introductions_if_absent(tx, [copy], node):
        await _follow_standing(tx, await store.lock_introduction(tx, event.introduction), event, node)
    await _introduce_if_ready(tx, event.introduction)


def _told_by_county(tx: Transaction, event: IntroductionSent | IntroductionWithdrawn, node: str) -> bool:
    return node == f"n{event.county}" and event.city == tx.node.code and node != tx.node.id


async def _follow_standing(tx: Transaction, row: Introduction, event: IntroductionSent, node: str) -> None:
    """The step, and where the introduction stands in its run, unless that is of an earlier pass."""
    if (row.county, row.vacancy) != (event.county, event.vacancy):
        return
    await follow(tx, row, Word(event.state, None, event.turn), event.on, node)
    if event.fair is not None and row.fair is None:
        await store.update_introduction(tx, row.introduction, fair=event.fair)
    if row.state in rules.UNDECIDED and (event.number or 0) >= (row.number or 0):
        facts = event.model_dump(include={"number", "priority", "shared", "seat", "weights"})
        await store.update_introduction(tx, row.introduction, **facts, groups=list(event.groups))


async def take_back_introduction(tx: Transaction, event: IntroductionWithdrawn, node: str) -> None:
    """The county ends an introduction; the opening is free. The end may come before what it ends."""
    if not _told_by_county(tx, event, node) or event.state not in rules.COUNTY_ENDS:
        return
    ended = Introduction(**event.model_dump(exclude={"on"}), changed_on=event.on)
    if await store.insert_introductions_if_absent(tx, [ended], node):
        return
    row = await store.lock_introduction(tx, event.introduction)
    if (row.county, row.vacancy) == (event.county, event.vacancy):
        await follow(tx, row, Word(event.state, event.reason, event.turn), event.on, node)


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
    await take(tx, [row], CITY, state, on, tx.node.id, refusal, guest=guest.guest)


async def _why_not(tx: Transaction, row: Introduction) -> str | None:
    if row.priority is not None and not await priority_declared_holds(tx, row):
        return "priority_mismatch"
    return await why_no_place(tx, row)


async def why_no_place(tx: Transaction, row: Introduction) -> str | None:
    """Why the vacancy has no place for one more, if it has none; its openings are counted by one at a time."""
    vacancy = await lists.lock_vacancy(tx, row.vacancy)
    if vacancy is None or vacancy.withdrawn_on is not None:
        return "vacancy_withdrawn"
    taken = await store.count_taken(tx, row.vacancy, vacancy.openings)
    return None if rules.has_room(taken, of_run=row.run is not None) else "no_opening"


async def hire_introductions(tx: Transaction, wanted: Sequence[UUID], on: date, by: str) -> Answers:
    """录用: the employer takes these people; jobs counts the openings, retention waits for the first day."""
    rows, strangers = await _here(tx, wanted)
    offers = await lists.list_vacancies(tx, {row.vacancy for row in rows}, lock=True)

    def check(row: Introduction) -> None:
        rules.check_step(row.state, "hired", CITY)
        _check_offered(row, offers)

    may, refused = judge(rows, check)
    moved = await take(tx, may, CITY, "hired", on, by, wage=store.OFFERED_WAGE)
    log.info("hire_introductions", hired=len(moved), refused=len(refused))
    return answers_of(moved, refused, strangers)


def _check_offered(row: Introduction, offers: Mapping[UUID, ListedVacancy]) -> None:
    vacancy = offers.get(row.vacancy)
    if vacancy is None or vacancy.withdrawn_on is not None:
        raise refusals.VacancyGone(str(row.vacancy))


async def reject_introductions(tx: Transaction, wanted: Sequence[UUID], reason: str, on: date, by: str) -> Answers:
    """不录用: with a named reason; the openings are free again."""
    return await _end_here(tx, wanted, "rejected", reason, on, by)


async def rescind_introductions(tx: Transaction, wanted: Sequence[UUID], reason: str, on: date, by: str) -> Answers:
    """取消录用: the firm takes its promise back before the first day; the people and the openings are free."""
    return await _end_here(tx, wanted, "rescinded", reason, on, by)


async def miss_introductions(tx: Transaction, wanted: Sequence[UUID], reason: str, on: date, by: str) -> Answers:
    """未到岗: whoever was hired has not come; the people and the openings are free."""
    return await _end_here(tx, wanted, "no_show", reason, on, by)


async def _end_here(tx: Transaction, wanted: Sequence[UUID], state: str, reason: str, on: date, by: str) -> Answers:
    return await end_many(tx, *await _here(tx, wanted), CITY, state, reason, on, by)


async def start_work(tx: Transaction, introduction: UUID, on: date) -> None:
    """到岗: retention says that the spell has begun."""
    await _hear_retention(tx, introduction, "started", on, None)


async def end_work(tx: Transaction, introduction: UUID, on: date, *, returned_home: bool) -> None:
    """离岗: whoever has left is free for another introduction at once, home or not."""
    await _hear_retention(tx, introduction, "ended", on, "returned_home" if returned_home else "left_work")


async def _hear_retention(tx: Transaction, introduction: UUID, state: str, on: date, reason: str | None) -> None:
    """What retention says of an introduction that has ended here meanwhile, it takes back itself when it hears of the end."""
    row = await store.lock_introduction_if_known(tx, introduction)
    if row is not None and row.city == tx.node.code and rules.follows(row.state, state):
        await take(tx, [row], CITY, state, on, tx.node.id, reason)


async def _here(tx: Transaction, wanted: Sequence[UUID]) -> tuple[list[Introduction], Answers]:
    """Those of them whose city this is, locked."""
    return await lock_own(tx, wanted, lambda row: check_here(tx, row))


def check_here(tx: Transaction, row: Introduction) -> None:
    """Whether it is this city's to decide."""
    if row.city != tx.node.code:
        raise refusals.StepNotPossible(f"此步骤由 n{row.city} 办理 This step belongs to n{row.city}.")
