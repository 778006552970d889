"""Services given (服务): training, guidance, introduction, start-up."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of
from services.retention.rules.serving import GivenService
from services.retention.tables import service

_SERVICE = columns_of(service, GivenService)


class ServiceUnknown(NotFound):
    title = "没有这次服务 No such service"


async def insert_service_if_absent(tx: Transaction, given: GivenService) -> None:
    """Write one service; a report that comes twice changes nothing."""
    await tx.execute(insert(service).values(**asdict(given)).on_conflict_do_nothing(index_elements=["id"]))


async def get_service(tx: Transaction, id: UUID) -> GivenService:
    row = (await tx.execute(select(*_SERVICE).where(service.c.id == id, within(service, tx.reach)))).one_or_none()
    if row is None:
        raise ServiceUnknown(f"{id}")
    return GivenService(**row._asdict())


async def list_services(
    tx: Transaction, after: UUID | None, limit: int, *, kind: str | None, person_id: UUID | None
) -> list[GivenService]:
    query = select(*_SERVICE).where(within(service, tx.reach)).order_by(service.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(service.c.id > after)
    if kind is not None:
        query = query.where(service.c.kind == kind)
    if person_id is not None:
        query = query.where(service.c.person == person_id)
    return [GivenService(**row._asdict()) for row in await tx.execute(query)]
