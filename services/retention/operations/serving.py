"""精准服务: training, guidance, introduction and start-up services, counted by the home county."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction, new_id
from libs.common.events.retention import ServiceReported
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.operations.figures import state_figures
from services.retention.store import introductions, services


async def give_service(
    tx: Transaction,
    *,
    person: UUID | None,
    introduction: UUID | None,
    kind: str,
    on: date,
    topic: str | None,
    hours: int | None,
) -> Row[Any]:
    """Note a service; one given in the city is reported to the home county, which counts it."""
    whom = await _whom(tx, person, introduction)
    await tx.widen()
    id, given = new_id(), {"kind": kind, "topic": topic, "hours": hours, "on": on}
    await services.put_service(tx, id=id, region=tx.node.code, **whom, **given)
    if whom["county"] == tx.node.code:
        await state_figures(tx, on)
    else:
        places = {"county": whom["county"], "city": tx.node.code}
        reported = ServiceReported(service=id, introduction=whom["introduction"], **places, **given)
        await announce(tx, reported, to=f"n{whom['county']}")
    log.info("give_service", service=str(id), kind=kind)
    return await services.get_service(tx, id)


async def _whom(tx: Transaction, person: UUID | None, introduction: UUID | None) -> dict[str, Any]:
    if introduction is not None:
        known = await introductions.get_introduction(tx, introduction)
        return {"county": known.county, "person": known.person, "introduction": known.id}
    assert person is not None, "the schema asks for one of the two"
    await introductions.get_person(tx, person)
    return {"county": tx.node.code, "person": person, "introduction": None}
