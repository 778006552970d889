"""The county's side of an introduction (介绍上岗): propose, offer, the person's yes or no, and what the city answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.matching import IntroductionAgreed, IntroductionAnswered
from libs.common.outbox import announce_all
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.matching.operations.introductions import messages as news
from services.matching.operations.introductions.moving import (
    Answers,
    answers_of,
    end_many,
    judge,
    keep,
    lock_own,
    only,
    take,
    word_of,
)
from services.matching.rules.introductions import refusals
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.reasons import AGREED_ELSEWHERE
from services.matching.rules.introductions.records import DeclaredFacts, Introduction
from services.matching.rules.introductions.steps import CITY, CITY_SAYS, COUNTY, OPEN, SIGNED, UNDECIDED
from services.matching.rules.introductions.turns import Word, revives, settle
from services.matching.rules.lists import ListedPerson, ListedVacancy, WishDocument, seeks
from services.matching.store import introductions as store
from services.matching.store import lists


class UnknownPerson(refusals.NotSeeking):
    title = "本县没有此人 No such person in this county"


async def propose_introduction(
    tx: Transaction, person: UUID, vacancy: UUID, on: date, by: str, *, fair: UUID | None = None
) -> Introduction:
    """An officer's own proposal, outside any run, or what is signed at a fair: no priority, it only needs an opening that is left."""
    listed = await _check_person(tx, person, vacancy)
    offered = await _check_vacancy(tx, vacancy)
    proposal = Introduction(
        introduction=new_id(),
        county=tx.node.code,
        city=offered.node[1:],
        vacancy=vacancy,
        state="proposed",
        changed_on=on,
        person=person,
        declared=declared_of(listed),
        fair=fair,
    )
    added = await store.insert_introductions_if_absent(tx, [proposal], by)
    await news.send(tx, added)
    log.info("propose_introduction", introduction=str(added[0].introduction), vacancy=str(vacancy))
    return added[0]


async def _check_person(tx: Transaction, person: UUID, vacancy: UUID) -> ListedPerson:
    listed = await lists.lock_person(tx, person)
    if listed is None:
        raise UnknownPerson(str(person))
    await tx.widen()
    known = await store.lock_introductions_of_person(tx, person, (*OPEN, "started"))
    signed = rules.signed_of(each.state for each in known) > 0
    if signed:
        raise refusals.PersonPlaced(str(person))
    if not seeks(labourer=listed.labourer, willing=listed.willing, signed=signed):
        raise refusals.NotSeeking(str(person))
    if any(each.vacancy == vacancy for each in known):
        raise refusals.AlreadyIntroduced(str(person))
    return listed


async def _check_vacancy(tx: Transaction, vacancy: UUID) -> ListedVacancy:
    offered = await lists.find_vacancy(tx, vacancy)
    if offered is None:
        raise refuse_field("/vacancy", "unknown_vacancy", "岗位清单中没有此岗位 The supply list has no such vacancy.")
    if offered.withdrawn_on is not None:
        raise refusals.VacancyGone(str(vacancy))
    if offered.openings_left <= 0:
        raise refusals.NoOpeningLeft(str(vacancy))
    return offered


def declared_of(person: ListedPerson) -> DeclaredFacts:
    """The facts that a card will have to bear out, as the county's list has them."""
    wish: WishDocument = person.wish or {}
    return DeclaredFacts(
        occupation=wish.get("occupation"),
        experience=wish.get("experience", 0),
        certificates=wish.get("certificates", []),
        groups=list(person.groups),
        burden=person.burden,
    )


async def offer_introductions(tx: Transaction, wanted: Sequence[UUID], on: date, by: str) -> Answers:
    """These people are told of their places and have until the deadline to answer."""
    rows, strangers = await own_introductions(tx, wanted)
    offers = await lists.list_vacancies(tx, {row.vacancy for row in rows})

    def check(row: Introduction) -> None:
        rules.check_step(row.state, "offered", COUNTY)
        check_still_there(row, offers)

    may, refused = judge(rows, check)
    moved = await take(tx, may, COUNTY, "offered", on, by)
    log.info("offer_introductions", offered=len(moved), refused=len(refused))
    return answers_of(moved, refused, strangers)


async def agree_introductions(tx: Transaction, wanted: Sequence[UUID], consent: str, on: date, by: str) -> Answers:
    """These people say yes and their consent is recorded; registry seals the cards, other open introductions become obsolete.

    Whoever is named twice agrees to the first."""
    rows, strangers = await own_introductions(tx, wanted)
    offers = await lists.list_vacancies(tx, {row.vacancy for row in rows})
    theirs = await store.lock_introductions_of_people(tx, {row.whose for row in rows}, (*OPEN, "started"))
    placed = {each.whose for each in theirs if each.state in SIGNED}

    def check(row: Introduction) -> None:
        rules.check_step(row.state, "agreed", COUNTY)
        check_still_there(row, offers)
        if row.whose in placed:
            raise refusals.PersonPlaced(str(row.person))
        placed.add(row.whose)

    may, refused = judge(rows, check)
    await _make_obsolete(tx, theirs, may, on, by)
    moved = await take(tx, may, COUNTY, "agreed", on, by, consent=consent, consent_on=on)
    await announce_all(tx, [_agreed(row) for row in moved])
    log.info("agree_introductions", agreed=len(moved), refused=len(refused))
    return answers_of(moved, refused, strangers)


async def _make_obsolete(
    tx: Transaction, theirs: Sequence[Introduction], agreed: Sequence[Introduction], on: date, by: str
) -> None:
    taken, people = {row.introduction for row in agreed}, {row.whose for row in agreed}
    others = [each for each in theirs if each.whose in people and each.introduction not in taken]
    await end(tx, [each for each in others if each.state in UNDECIDED], "obsolete", AGREED_ELSEWHERE, on, by)


def _agreed(row: Introduction) -> IntroductionAgreed:
    names = ("introduction", "county", "city", "vacancy", "person", "consent", "consent_on", "turn")
    facts = {name: getattr(row, name) for name in names} | {"person": row.recorded}
    return IntroductionAgreed.model_validate({**facts, "on": row.changed_on, **(row.declared or {})})


async def decline_introductions(tx: Transaction, wanted: Sequence[UUID], reason: str, on: date, by: str) -> Answers:
    """These people say no; the openings are free, and in a run the next pass offers them under the same rule."""
    return await _end_own(tx, wanted, "declined", reason, on, by)


async def cancel_introductions(tx: Transaction, wanted: Sequence[UUID], reason: str, on: date, by: str) -> Answers:
    """本人取消: these people take their yes back before work has begun; they and the openings are free at once."""
    return await _end_own(tx, wanted, "cancelled", reason, on, by)


async def _end_own(tx: Transaction, wanted: Sequence[UUID], state: str, reason: str, on: date, by: str) -> Answers:
    return await end_many(tx, *await own_introductions(tx, wanted), COUNTY, state, reason, on, by)


async def end(
    tx: Transaction, rows: Sequence[Introduction], state: str, reason: str, on: date, by: str
) -> list[Introduction]:
    """End some of this county's introductions, and say so to their cities."""
    return await take(tx, rows, COUNTY, state, on, by, reason)


async def own_introductions(tx: Transaction, wanted: Iterable[UUID]) -> tuple[list[Introduction], Answers]:
    """Those of them that are this county's, their people locked first: two officers cannot record two yeses of one person."""
    await lists.lock_people(tx, await store.list_people_of(tx, wanted))
    return await lock_own(tx, wanted, lambda row: _check_own(tx, row))


def _check_own(tx: Transaction, row: Introduction) -> None:
    if row.county != tx.node.code or row.person is None:
        raise refusals.StepNotPossible(f"此步骤由 n{row.county} 办理 This step belongs to n{row.county}.")


async def own_introduction(tx: Transaction, introduction: UUID) -> Introduction:
    """One of this county's, locked; raises where it is none."""
    rows, strangers = await own_introductions(tx, [introduction])
    return only(answers_of(rows, strangers))


def check_still_there(row: Introduction, offers: Mapping[UUID, ListedVacancy]) -> None:
    """Whether the vacancy is still to be had; a run's place lies within its allotment."""
    offered = offers.get(row.vacancy)
    if offered is None or offered.withdrawn_on is not None:
        raise refusals.VacancyGone(str(row.vacancy))
    if row.run is None and offered.openings_left <= 0:
        raise refusals.NoOpeningLeft(str(row.vacancy))


async def hear_answer(tx: Transaction, event: IntroductionAnswered, node: str) -> None:
    """What the city says of an introduction, once the person has agreed; late or repeated news changes nothing.

    A place for somebody who has said yes elsewhere meanwhile is given back at once: of one person there is one yes."""
    await lists.lock_people(tx, await store.list_people_of(tx, [event.introduction]))
    row = await store.lock_introduction_if_known(tx, event.introduction)
    if row is None or node != f"n{row.city}" or row.county != tx.node.code or not _may_say(row, event):
        log.error("answer_of_another_node", introduction=str(event.introduction), node=node)
        return
    told, known = Word(event.state, event.reason, event.turn), word_of(row)
    others = await _others(tx, row) if revives(told, known) else []
    placed = rules.signed_of(each.state for each in others) > 0
    after = settle(told, known, placed_elsewhere=placed)
    if after is None:
        return
    if after.state != told.state:
        await take(tx, [row], COUNTY, after.state, event.on, tx.node.id, after.reason, turn=after.turn)
        return
    await keep(tx, row, after, event.on, node)
    await end(tx, others, "obsolete", AGREED_ELSEWHERE, event.on, tx.node.id)
    await lists.insert_change(tx)


def _may_say(row: Introduction, event: IntroductionAnswered) -> bool:
    return event.state in CITY_SAYS and row.consent_on is not None


async def _others(tx: Transaction, row: Introduction) -> list[Introduction]:
    known = await store.lock_introductions_of_person(tx, row.whose, (*SIGNED, *UNDECIDED))
    return [each for each in known if each.introduction != row.introduction]


async def withdraw_of_vacancy(tx: Transaction, vacancy: UUID, on: date) -> None:
    """撤岗: each side ends what is its own to decide of the introductions to a withdrawn vacancy."""
    rows = await store.lock_introductions_of_vacancy(tx, vacancy, OPEN)
    for side in (COUNTY, CITY):
        own = [row for row in rows if getattr(row, side) == tx.node.code and row.state in rules.WITHDRAWN[side].after]
        await take(tx, own, side, "withdrawn", on, tx.node.id, "vacancy_withdrawn")
