"""Somebody leaves the register (减员) or comes back: lists, counts, points and matching follow, the history keeps both."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.problems import Conflict
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.operations.households import close_empty, reopen, weigh_households
from services.registry.operations.sealing import open_field
from services.registry.rules.changes import FieldChange, Origin, Source
from services.registry.rules.departures import (
    Departure,
    Return,
    Way,
    check_departure,
    check_here,
    check_return,
    text_of_departure,
)
from services.registry.rules.people import PersonState
from services.registry.store import departures, people


class NotLeft(Conflict):
    title = "此人在册，没有减员登记 This person has not left the register"


async def depart(
    tx: Transaction, caller: Caller, one: UUID, way: Way, *, on: date, reason: str | None, source: Source = "form"
) -> PersonState:
    """Gone from that day on."""
    person = await people.lock_person(tx, one)
    check_here(person)
    check_departure(person, way, on, reason)
    await tx.widen()
    left = Departure(id=new_id(), person=one, way=way, on=on)
    await departures.insert_departure(tx, left)
    await close_empty(tx, {person.household}, on)
    change = FieldChange(one, "departure", "", text_of_departure(left), on)
    await _tell(tx, person.household, change, Origin(caller.subject, source, reason=reason), on)
    log.info("depart", person=str(one), way=way)
    return await people.get_person(tx, one)


async def come_back(
    tx: Transaction, caller: Caller, one: UUID, kind: Return, *, on: date, reason: str | None
) -> PersonState:
    """Here again from that day on; entered by mistake, as if never gone."""
    person = await people.lock_person(tx, one)
    await tx.widen()
    left = await departures.find_departure(tx, one)
    if left is None:
        raise NotLeft()
    check_return(left, kind, on, reason)
    since = left.on if kind == "entered_by_mistake" else on
    await departures.update_returned(tx, left, since)
    await reopen(tx, person.household)
    change = FieldChange(one, "departure", text_of_departure(left), "", since)
    await _tell(tx, person.household, change, Origin(caller.subject, "form", reason=reason), since)
    log.info("come_back", person=str(one), kind=kind)
    return await people.get_person(tx, one)


async def _tell(tx: Transaction, home: UUID, change: FieldChange, origin: Origin, on: date) -> None:
    await record_changes(tx, [change], origin)
    await announce_people(tx, {change.person, *await weigh_households(tx, [home], on)}, on)
    await note_figures(tx, [change.person], on)
    tx.trail.note(fields=["departure"])


async def list_left(tx: Transaction) -> set[str]:
    """The numbers of everybody who has left: a file that names them is told so."""
    vault, sealed = tx.node.vault, await departures.list_left_numbers(tx)
    return await asyncio.to_thread(lambda: {open_field(vault, "person.number", each) for each in sealed})
