"""Where people work (务工状况) as it changes: what retention reports of this county's own people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.registry.operations.announcing import announce_people, state_figures
from services.registry.store import erasures, people, situations


async def change_situation(
    tx: Transaction, one: UUID, *, work_place: str | None, channel: str | None, since: date
) -> None:
    """From that day on the person works there, or is out of work; said again it changes nothing."""
    if await erasures.is_erased(tx, one):
        return
    await people.lock_person(tx, one)
    told = {"person": one, "since": since, "work_place": work_place, "channel": channel, "source": "retention"}
    if not await situations.put_situations(tx, [told]):
        return
    await people.change_person(tx, one, {})
    await announce_people(tx, [one], since)
    await state_figures(tx, since)
    log.info("change_situation", person=str(one), since=since.isoformat())
