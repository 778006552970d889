"""Where people work (务工状况) as it changes: what retention reports of this county's own people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.operations.changes import record_changes
from services.registry.rules.changes import Origin
from services.registry.rules.situations import Situation, situation_changes
from services.registry.store import erasures, people, situations


async def state_situations(
    tx: Transaction, given: Sequence[Situation], origin: Origin, rows: Mapping[UUID, int] = {}
) -> set[UUID]:
    """Where known people work from a day on; what was known of that day before stays on record. Answers of whom it is other."""
    if not given:
        return set()
    before = {each.person: each for each in await situations.list_situations_on(tx, given)}
    changed = await situations.upsert_situations(tx, given)
    stated = [each for each in given if each.person in changed]
    fields = [one for each in stated for one in situation_changes(before.get(each.person), each, rows.get(each.person))]
    await record_changes(tx, fields, origin)
    return changed


async def change_situation(
    tx: Transaction, one: UUID, *, work_place: str | None, channel: str | None, since: date
) -> None:
    """From that day on the person works there, or is out of work; said again it changes nothing."""
    if await erasures.find_erased_on(tx, one):
        return
    one = await people.find_standing_id(tx, one)
    person = await people.lock_person(tx, one)
    if person.left_on and since >= person.left_on:
        log.warning("situation_of_who_has_left", person=str(one), since=since.isoformat())
        return
    told = Situation(one, since, work_place, channel, "retention")
    if not await state_situations(tx, [told], Origin("retention", "event")):
        return
    await people.update_person_version(tx, one)
    await announce_people(tx, [one], since)
    await note_figures(tx, [one], since)
    log.info("change_situation", person=str(one), since=since.isoformat())
