"""Job fairs (招聘会): heard of from every node; this county's people sign up and come, the node whose fair it is hears how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.events.jobs import BoothAnnounced, FairAnnounced
from libs.common.events.matching import FairCounted
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.matching.operations.introductions.county import UnknownPerson
from services.matching.rules.fairs import Booth, Fair, FairCount, Visitor, check_held, check_sign_up
from services.matching.store import fair_visitors as visitors
from services.matching.store import fairs as store
from services.matching.store import lists

# An answer for each of the people that were named: how they stand, or why not.
Answers = dict[UUID, "Visitor | UnknownPerson"]


async def hear_fair(tx: Transaction, event: FairAnnounced, node: str) -> None:
    """Keep the newest state of a fair; only the node that announced it first may change it."""
    facts = event.model_dump(exclude={"on", "booths"})
    fair = Fair(**facts, node=node, announced_on=event.on)
    firms = {each.employer_uscc: _booth(event.fair, each) for each in event.booths}
    if not await store.upsert_fair(tx, fair, list(firms.values())):
        log.error("fair_of_another_node", fair=str(event.fair), node=node)


def _booth(fair: UUID, told: BoothAnnounced) -> Booth:
    return Booth(**told.model_dump(exclude={"employer", "vacancies"}), fair=fair, vacancies=list(told.vacancies))


async def hear_count(tx: Transaction, event: FairCounted, node: str) -> None:
    """A county speaks for itself alone."""
    if node == f"n{event.county}":
        await store.upsert_count(tx, FairCount(**event.model_dump(exclude={"on"})))


async def sign_up(tx: Transaction, fair: UUID, people: Sequence[UUID], today: date) -> Answers:
    """报名: these people will come. Said again it changes nothing."""
    check_sign_up(await store.get_fair(tx, fair), today)
    return await _note(tx, fair, people, today, signed_up_on=today)


async def take_back_sign_up(tx: Transaction, fair: UUID, people: Sequence[UUID], today: date) -> Answers:
    """取消报名: these people will not come."""
    check_sign_up(await store.get_fair(tx, fair), today)
    seen = await _lock_seen(tx, people)
    await visitors.delete_sign_ups(tx, fair, seen)
    await tell_count(tx, fair, today)
    return _answers(people, [Visitor(fair=fair, person=each, county=tx.node.code) for each in seen])


async def arrive(tx: Transaction, fair: UUID, people: Sequence[UUID], today: date) -> Answers:
    """到场: these people have come on the fair's day, signed up or not."""
    found = await store.get_fair(tx, fair)
    check_held(found, today)
    return await _note(tx, fair, people, today, came_on=found.day)


async def tell_count(tx: Transaction, fair: UUID, today: date) -> None:
    """To the node whose fair it is, how many come now: one transaction at a time counts."""
    held = await store.lock_fair(tx, fair)
    if held.node == tx.node.id:
        return
    counted = await visitors.count_visitors(tx, fair, tx.node.code)
    await announce(tx, FairCounted(**vars(counted), on=today), to=held.node)


async def _note(tx: Transaction, fair: UUID, people: Sequence[UUID], today: date, **days: date) -> Answers:
    seen = await _lock_seen(tx, people)
    come = [Visitor(fair=fair, person=each, county=tx.node.code, **days) for each in sorted(seen)]
    noted = await visitors.upsert_visitors(tx, come)
    if noted:
        await tell_count(tx, fair, today)
    log.info("note_visitors", fair=str(fair), people=len(noted), noted=sorted(days))
    return _answers(people, noted)


async def _lock_seen(tx: Transaction, people: Sequence[UUID]) -> set[UUID]:
    """Those of them that the caller may act for; from here on it is the node's own work."""
    seen = await visitors.list_seen(tx, people)
    await tx.widen()
    return await lists.lock_people(tx, seen)


def _answers(people: Sequence[UUID], noted: Sequence[Visitor]) -> Answers:
    known = {each.person: each for each in noted}
    return {each: known.get(each) or UnknownPerson(str(each)) for each in people}
