"""What a labourer says of herself (本人申报): her phone and her wish hold at once, everything else waits for the county's decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.identity import Caller
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people
from services.registry.operations.changes import record_changes
from services.registry.operations.labourers import correct_labourer
from services.registry.operations.sealing import open_person
from services.registry.operations.sync_conflicts import seal_values
from services.registry.operations.visits import wish_stated
from services.registry.operations.wishes import state_wishes
from services.registry.rules.changes import FieldChange, Origin
from services.registry.rules.corrections import check_corrections
from services.registry.rules.departures import check_here
from services.registry.rules.mutations import MOST_OPEN, NothingToCorrect, SyncConflict, TooManyOpen, values_now
from services.registry.rules.people import PersonState
from services.registry.rules.situations import wish_text
from services.registry.rules.visits import check_visit, facts_said
from services.registry.store import people, sync_conflicts


async def state_phone(tx: Transaction, caller: Caller, one: UUID, phone: str) -> PersonState:
    """Whoever answers it knows it best."""
    on = tx.node.today()
    return await correct_labourer(tx, caller, one, {"phone": phone}, version=None, on=on, source="self")


async def state_wish(tx: Transaction, caller: Caller, one: UUID, said: Mapping[str, Any]) -> PersonState:
    """From today on; what was said before stays in the history. It is no visit: nobody has been there."""
    on = tx.node.today()
    person = await people.lock_person(tx, one)
    check_here(person)
    check_visit(person, on, None, said)
    before = await people.get_person(tx, one, on)
    await tx.widen()
    stated = wish_stated(before, facts_said(before.facts, said, on), None, on)
    origin = Origin(caller.subject, "self")
    if one in await state_wishes(tx, [stated], origin) and before.said_on != on:
        await record_changes(tx, [FieldChange(one, "wish", "", wish_text(stated), on)], origin)
    await announce_people(tx, [one], on)
    tx.trail.note(persons=[one], fields=["wish"])
    log.info("state_wish", person=str(one))
    return await people.get_person(tx, one, on)


async def request_correction(
    tx: Transaction, caller: Caller, one: UUID, said: Mapping[str, Any], *, reason: str | None, on: date
) -> SyncConflict:
    """What she says is otherwise waits beside what is on record, as where a phone and somebody else have said otherwise."""
    person = await people.lock_person(tx, one)
    check_here(person)
    before = open_person(tx.node.vault, person)
    check_corrections(before, said, reason, on)
    now = values_now(said, before, await people.get_person(tx, one))
    fields = sorted(name for name, value in said.items() if value != now[name])
    if not fields:
        raise NothingToCorrect("所填内容与登记的相同 What was filled in is what is on record.")
    if await sync_conflicts.count_open_of(tx, one) >= MOST_OPEN:
        raise TooManyOpen(f"已有「{MOST_OPEN}」项等待处理 As many as {MOST_OPEN} requests wait already.")
    asked = SyncConflict(
        id=new_id(),
        person=one,
        mutation=None,
        source="self",
        fields=fields,
        mine_sealed=seal_values(tx.node.vault, "mine", {name: said[name] for name in fields}),
        theirs_sealed=seal_values(tx.node.vault, "theirs", {name: now[name] for name in fields}),
        base=person.version,
        current=person.version,
        on=on,
        reason=reason,
        said_by=caller.subject,
        at=tx.node.clock.now(),
        state="open",
    )
    await sync_conflicts.insert_conflict(tx, asked)
    tx.trail.note(persons=[one], fields=fields)
    log.info("request_correction", person=str(one), conflict=str(asked.id))
    return asked
