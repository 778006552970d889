"""The county's side of an introduction (介绍上岗): propose, offer, the person's yes or no, and what the city answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.matching import IntroductionAgreed, IntroductionAnswered
from libs.common.outbox import announce
from libs.common.problems import refuse_field
from libs.common.telemetry import log
from services.matching.operations.introductions import messages as news
from services.matching.rules.introductions import steps as rules
from services.matching.rules.introductions.records import DeclaredFacts, Introduction
from services.matching.rules.introductions.steps import CITY, COUNTY, UNDECIDED
from services.matching.rules.lists import ListedPerson, ListedVacancy, WishDocument, seeks
from services.matching.store import introductions as store
from services.matching.store import lists


class UnknownPerson(rules.NotSeeking):
    title = "本县没有此人 No such person in this county"


async def propose_introduction(tx: Transaction, person: UUID, vacancy: UUID, on: date, by: str) -> Introduction:
    """An officer's own proposal, outside any run: no priority, it only needs an opening that is left."""
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
    known = await store.lock_introductions_of_person(tx, person, (*rules.OPEN, "started"))
    signed = rules.signed_of(each.state for each in known) > 0
    if signed:
        raise rules.PersonPlaced(str(person))
    if not seeks(labourer=listed.labourer, willing=listed.willing, signed=signed):
        raise rules.NotSeeking(str(person))
    if any(each.vacancy == vacancy for each in known):
        raise rules.AlreadyIntroduced(str(person))
    return listed


async def _check_vacancy(tx: Transaction, vacancy: UUID) -> ListedVacancy:
    offered = await lists.find_vacancy(tx, vacancy)
    if offered is None:
        raise refuse_field("/vacancy", "unknown_vacancy", "岗位清单中没有此岗位 The supply list has no such vacancy.")
    if offered.withdrawn_on is not None:
        raise rules.VacancyGone(str(vacancy))
    if offered.openings_left <= 0:
        raise rules.NoOpeningLeft(str(vacancy))
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


async def offer_introduction(tx: Transaction, introduction: UUID, on: date, by: str) -> Introduction:
    """The person is told of the place and has until the deadline to answer."""
    row = await own_introduction(tx, introduction)
    rules.check_step(row.state, "offered", COUNTY)
    await _check_still_there(tx, row)
    moved = await store.update_state(tx, [row], "offered", on, by)
    await news.send(tx, moved)
    log.info("offer_introduction", introduction=str(introduction))
    return moved[0]


async def agree_introduction(tx: Transaction, introduction: UUID, consent: str, on: date, by: str) -> Introduction:
    """The person says yes and the consent is recorded; registry seals the card, other open introductions become obsolete."""
    row = await own_introduction(tx, introduction)
    rules.check_step(row.state, "agreed", COUNTY)
    await _check_still_there(tx, row)
    others = [
        each
        for each in await store.lock_introductions_of_person(tx, row.whose, (*rules.OPEN, "started"))
        if each.introduction != introduction
    ]
    if rules.signed_of(each.state for each in others):
        raise rules.PersonPlaced(str(row.person))
    await end(tx, [each for each in others if each.state in UNDECIDED], "obsolete", "agreed_elsewhere", on, by)
    moved = await store.update_state(tx, [row], "agreed", on, by, consent=consent, consent_on=on)
    await news.send(tx, moved)
    await announce(tx, _agreed(moved[0]))
    await lists.insert_change(tx)
    log.info("agree_introduction", introduction=str(introduction), obsolete=len(others))
    return moved[0]


def _agreed(row: Introduction) -> IntroductionAgreed:
    names = ("introduction", "county", "city", "vacancy", "person", "consent", "consent_on")
    facts = {name: getattr(row, name) for name in names} | {"person": row.recorded}
    return IntroductionAgreed.model_validate({**facts, "on": row.changed_on, **(row.declared or {})})


async def decline_introduction(tx: Transaction, introduction: UUID, reason: str, on: date, by: str) -> Introduction:
    """The person says no; the opening is free, and in a run the next pass offers it under the same rule."""
    row = await own_introduction(tx, introduction)
    rules.check_step(row.state, "declined", COUNTY, reason)
    log.info("decline_introduction", introduction=str(introduction), reason=reason)
    return (await end(tx, [row], "declined", reason, on, by))[0]


async def end(
    tx: Transaction, rows: Sequence[Introduction], state: str, reason: str, on: date, by: str
) -> list[Introduction]:
    """End some of this county's introductions, and say so to their cities."""
    moved = await store.update_state(tx, rows, state, on, by, reason)
    await news.take_back(tx, moved)
    return moved


async def own_introduction(tx: Transaction, introduction: UUID) -> Introduction:
    """An introduction of this county, its person locked first: two officers cannot record two yeses of one person."""
    row = await store.get_introduction(tx, introduction)
    if row.county != tx.node.code or row.person is None:
        raise rules.StepNotPossible(f"此步骤由 n{row.county} 办理 This step belongs to n{row.county}.")
    await lists.lock_person(tx, row.person)
    return await store.lock_introduction(tx, introduction)


async def _check_still_there(tx: Transaction, row: Introduction) -> None:
    offered = await lists.find_vacancy(tx, row.vacancy)
    if offered is None or offered.withdrawn_on is not None:
        raise rules.VacancyGone(str(row.vacancy))
    if row.run is None and offered.openings_left <= 0:  # a run's place lies within its allotment
        raise rules.NoOpeningLeft(str(row.vacancy))


async def hear_answer(tx: Transaction, event: IntroductionAnswered, node: str) -> None:
    """What the city says of an introduction; late or repeated news changes nothing."""
    row = await store.lock_introduction_if_known(tx, event.introduction)
    if row is None or node != f"n{row.city}" or row.county != tx.node.code:
        log.error("answer_of_another_node", introduction=str(event.introduction), node=node)
        return
    if rules.follows(row.state, event.state) or await _crossed(tx, row, event.state):
        await store.update_state(tx, [row], event.state, event.on, node, event.reason)
        await lists.insert_change(tx)


async def _crossed(tx: Transaction, row: Introduction, state: str) -> bool:
    """Whoever has agreed elsewhere since keeps that place alone at home; the two offices must speak."""
    if not rules.hired_before_withdrawal(row.state, row.reason, state):
        return False
    return not await store.lock_introductions_of_person(tx, row.whose, rules.SIGNED)


async def withdraw_of_vacancy(tx: Transaction, vacancy: UUID, on: date) -> None:
    """撤岗: each side ends what is its own to decide of the introductions to a withdrawn vacancy."""
    rows = await store.lock_introductions_of_vacancy(tx, vacancy, rules.OPEN)
    own = [row for row in rows if row.county == tx.node.code and row.state in rules.WITHDRAWN[COUNTY].after]
    await end(tx, own, "withdrawn", "vacancy_withdrawn", on, tx.node.id)
    here = [row for row in rows if row.city == tx.node.code and row.state in rules.WITHDRAWN[CITY].after]
    await news.answer(tx, await store.update_state(tx, here, "withdrawn", on, tx.node.id, "vacancy_withdrawn"))


async def lapse_introductions(tx: Transaction, as_of: date, by: str) -> int:
    """End what was due before a day and not done; each side does so for its own steps. Answers how many ended."""
    ended = 0
    for row in await store.lock_overdue_introductions(tx, as_of, rules.LAPSES):
        state, side = rules.LAPSES[row.state]
        if (row.county if side == COUNTY else row.city) != tx.node.code:
            continue
        if side == COUNTY:
            await end(tx, [row], state, "deadline_passed", as_of, by)
        else:
            await news.answer(tx, await store.update_state(tx, [row], state, as_of, by, "deadline_passed"))
        ended += 1
    return ended
