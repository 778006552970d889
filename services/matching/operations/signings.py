"""Signed on the spot (现场签约): what a desk notes becomes an introduction with consent like any other, once, however often it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.problems import Problem
from libs.common.telemetry import log
from services.matching.operations.fairs import tell_count
from services.matching.operations.introductions import county
from services.matching.operations.introductions.moving import only
from services.matching.rules.fairs import Booth, Entry, EntryUsed, Fair, Signing, Visitor, check_entry, check_held
from services.matching.rules.introductions import refusals
from services.matching.rules.introductions.records import Introduction
from services.matching.rules.introductions.steps import SIGNED, UNDECIDED
from services.matching.rules.lists import ListedVacancy
from services.matching.store import fair_visitors as visitors
from services.matching.store import fairs as store
from services.matching.store import introductions, lists

Answers = dict[UUID, Signing]


async def sign(tx: Transaction, fair: UUID, entries: Sequence[Entry], today: date, by: str) -> Answers:
    """An answer for each, in the order in which the desk noted them; what is refused of some hinders none of the others.

    People are held first and posts after them, so that two desks with one queue, or one opening, come one after the other.
    """
    found = await store.get_fair(tx, fair)
    check_held(found, today)
    seen = await visitors.list_seen(tx, [each.person for each in entries])
    await tx.widen()
    await lists.lock_people(tx, seen)
    posts = await lists.list_vacancies(tx, [each.vacancy for each in entries], lock=True)
    desk = Desk(tx, found, await store.list_booths(tx, fair), posts, by)
    known = await visitors.lock_signings(tx, [each.entry for each in entries])
    answers: Answers = {}
    for each in entries:
        before = answers.get(each.entry) or known.get(each.entry)
        answers[each.entry] = desk.again(each, before) if before else await desk.sign(each, seen)
    await _note_come(tx, found, answers, today)
    return answers


async def _note_come(tx: Transaction, fair: Fair, answers: Answers, today: date) -> None:
    """Whoever signs there has come."""
    come = {each.person for each in answers.values() if each.introduction is not None}
    here = [Visitor(fair=fair.fair, person=each, county=tx.node.code, came_on=fair.day) for each in sorted(come)]
    if await visitors.upsert_visitors(tx, here):
        await tell_count(tx, fair.fair, today)
    log.info("sign", fair=str(fair.fair), entries=len(answers), signed=len(come))


class Desk:
    """One call of a fair's desk: people and posts are held."""

    def __init__(self, tx: Transaction, fair: Fair, booths: Sequence[Booth], posts: dict[UUID, ListedVacancy], by: str):
        self.tx, self.fair, self.booths, self.posts, self.by = tx, fair, booths, posts, by

    def again(self, entry: Entry, before: Signing) -> Signing:
        """The same answer for the same entry."""
        same = (before.fair, before.person, before.vacancy) == (self.fair.fair, entry.person, entry.vacancy)
        return (
            before
            if same
            else self._refused(entry, EntryUsed("请为新的签约换一个编号 Use a new id for another signing."))
        )

    async def sign(self, entry: Entry, seen: set[UUID]) -> Signing:
        if entry.person not in seen:
            return self._refused(entry, county.UnknownPerson(str(entry.person)))
        try:
            check_entry(self.fair, self.booths, entry, self.posts.get(entry.vacancy))
            signed = self._answer(entry, introduction=await self._introduce(entry))
        except Problem as refused:
            signed = self._refused(entry, refused)
        if await visitors.insert_signing_if_absent(self.tx, signed, self.tx.node.code):
            return signed
        return self._refused(entry, EntryUsed("请为新的签约换一个编号 Use a new id for another signing."))

    async def _introduce(self, entry: Entry) -> UUID:
        """Proposed, offered and agreed at once; an offer of the same post that waits for an answer is the one that is agreed to.

        Whatever could refuse a later step refuses before the first, since people and posts are held."""
        tx, on, by = self.tx, entry.on, self.by
        row = await self._open_offer(entry)
        if row is None:
            await self._check_room(entry)
            row = await county.propose_introduction(tx, entry.person, entry.vacancy, on, by, fair=self.fair.fair)
        else:
            county.check_still_there(row, self.posts)
            await introductions.update_introduction(tx, row.introduction, fair=self.fair.fair)
        if row.state != "offered":
            only(await county.offer_introductions(tx, [row.introduction], on, by))
        only(await county.agree_introductions(tx, [row.introduction], entry.consent, on, by))
        return row.introduction

    async def _open_offer(self, entry: Entry) -> Introduction | None:
        """The offer of this post that waits for the person's answer; of one person there is one yes."""
        rows = await introductions.lock_introductions_of_person(self.tx, entry.person, (*UNDECIDED, *SIGNED))
        signed = [each for each in rows if each.state in SIGNED]
        if signed:
            same = any(each.vacancy == entry.vacancy for each in signed)
            raise (refusals.AlreadyIntroduced if same else refusals.PersonPlaced)(str(entry.person))
        return next((each for each in rows if each.vacancy == entry.vacancy), None)

    async def _check_room(self, entry: Entry) -> None:
        """A desk promises no opening twice: those who have said yes here and are not hired yet wait for one of them."""
        left = self.posts[entry.vacancy].openings_left
        if await visitors.count_promised(self.tx, entry.vacancy, self.tx.node.code) >= left:
            raise refusals.NoOpeningLeft(
                f"剩余 {left} 个名额都已有人同意 All {left} openings that are left are promised."
            )

    def _refused(self, entry: Entry, problem: Problem) -> Signing:
        said = {"refusal": problem.type(), "title": problem.title, "status": problem.status}
        return self._answer(entry, **said, detail=problem.detail or None)

    def _answer(self, entry: Entry, **facts: object) -> Signing:
        return Signing(
            entry=entry.entry,
            fair=self.fair.fair,
            person=entry.person,
            vacancy=entry.vacancy,
            on=entry.on,
            by=self.by,
            **facts,  # type: ignore[arg-type]
        )
