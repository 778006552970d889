"""精准服务: training, guidance, introduction and start-up services, counted by the home county."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from libs.common.database import Transaction, new_id
from libs.common.events.retention import ServiceReported
from libs.common.indicators import note_changes
from libs.common.outbox import announce
from libs.common.telemetry import log
from services.retention.rules.serving import GivenService
from services.retention.store import introductions, merges, services


async def give_service(
    tx: Transaction,
    *,
    person: UUID | None,
    introduction: UUID | None,
    kind: str,
    on: date,
    topic: str | None,
    hours: int | None,
) -> GivenService:
    """Note a service; one given in the city is reported to the home county, which counts it."""
    county, whom = await _whom(tx, person, introduction)
    await tx.widen()
    given = GivenService(
        id=new_id(),
        county=county,
        region=tx.node.code,
        person=whom,
        introduction=introduction,
        kind=kind,
        topic=topic,
        hours=hours,
        on=on,
    )
    await services.insert_service_if_absent(tx, given)
    await merges.update_owners(tx, [whom] if whom else [])
    await _count(tx, given)
    log.info("give_service", service=str(given.id), kind=kind)
    return given


async def _whom(tx: Transaction, person: UUID | None, introduction: UUID | None) -> tuple[str, UUID | None]:
    """The home county, and the person as far as this node knows."""
    if introduction is not None:
        known = await introductions.lock_introduction(tx, introduction)
        return known.county, known.person
    assert person is not None, "the schema asks for one of the two"
    await introductions.get_person(tx, person)
    return tx.node.code, person


async def _count(tx: Transaction, given: GivenService) -> None:
    if given.county == tx.node.code:
        return await note_changes(tx, tx.node.code, given.on, [given.id])
    assert given.introduction is not None, "only at home is somebody known without an introduction"
    reported = ServiceReported(
        service=given.id,
        introduction=given.introduction,
        county=given.county,
        city=given.region,
        kind=given.kind,
        topic=given.topic,
        hours=given.hours,
        on=given.on,
    )
    await announce(tx, reported, to=f"n{given.county}")
