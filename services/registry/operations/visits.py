"""Record a visit (走访): what was said becomes the wish from that day on, and what nothing was said of stays as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people
from services.registry.operations.wishes import state_wishes
from services.registry.rules.changes import Origin, Source
from services.registry.rules.departures import check_here
from services.registry.rules.fellows import read_group
from services.registry.rules.people import PersonState
from services.registry.rules.situations import StatedWish
from services.registry.rules.visits import Found, Visit, check_met, check_visit, facts_said
from services.registry.store import households, people, visits


async def record_visit(
    tx: Transaction,
    caller: Caller,
    one: UUID,
    found: Found,
    said: Mapping[str, Any] | None,
    *,
    fellows: str | None,
    on: date,
    next_visit: date | None,
    source: Source = "form",
) -> Visit:
    """Nothing new means that what was said before still holds; nobody at home says nothing."""
    person = await people.lock_person(tx, one)
    check_here(person)
    check_visit(person, on, next_visit, said or {})
    before = await people.get_person(tx, one, on)
    await tx.widen()
    holds = said if said is not None else ({} if found == "no_change" and before.facts else None)
    facts = None if holds is None else facts_said(before.facts, holds, on)
    visit = Visit(
        id=new_id(),
        person=one,
        visited=on,
        visited_by=caller.subject,
        at=tx.node.clock.now(),
        source=source,
        found=found,
        wish=facts,
        next_visit=next_visit,
    )
    await visits.insert_visit(tx, visit)
    if facts is not None:
        await state_wishes(tx, [wish_stated(before, facts, fellows, on)], Origin(caller.subject, source))
        await announce_people(tx, [one], on)
    log.info("record_visit", person=str(one), found=found)
    return visit


async def visit_household(
    tx: Transaction,
    caller: Caller,
    home: UUID,
    met: Collection[UUID] | None,
    found: Found,
    *,
    on: date,
    next_visit: date | None,
) -> list[Visit]:
    """Everybody who lives there, or those who were met, in one go: one who cannot be visited, and nobody is."""
    await households.get_household(tx, home)
    lives = {each.id for each in await households.list_residents(tx, home)}
    return [
        await record_visit(tx, caller, one, found, None, fellows=None, on=on, next_visit=next_visit)
        for one in sorted(check_met(lives, met))
    ]


def wish_stated(before: PersonState, facts: dict[str, Any], fellows: str | None, on: date) -> StatedWish:
    """Whoever goes as a couple or in a group still does, unless something else was said or nobody goes."""
    goes = facts["willing"]
    group = before.fellows if fellows is None else read_group(fellows)
    partner = before.partner if goes and facts["together"] else None
    return StatedWish(new_id(), before.id, on, facts, partner, group if goes else None)
