"""Where people work (务工状况) as it changes: what retention reports of this county's own people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, note_figures
from services.registry.rules.situations import Situation
from services.registry.store import erasures, people, situations


async def change_situation(
    tx: Transaction, one: UUID, *, work_place: str | None, channel: str | None, since: date
) -> None:
    """From that day on the person works there, or is out of work; said again it changes nothing."""
    if await erasures.find_erased_on(tx, one):
        return
    await people.lock_person(tx, one)
    told = Situation(one, since, work_place, channel, "retention")
    if not await situations.upsert_situations(tx, [told]):
        return
    await people.update_person_version(tx, one)
    await announce_people(tx, [one], since)
    await note_figures(tx, [one], since)
    log.info("change_situation", person=str(one), since=since.isoformat())
