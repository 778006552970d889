"""What the trail says of one person (谁看过我), the newest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.trail import Access
from services.registry.tables import metadata


async def list_accesses(tx: Transaction, one: UUID, *, before: int, limit: int) -> list[Access]:
    """Records that name the person, those before a place; 0 for the newest."""
    audit = metadata.tables["registry.audit"]
    query = (
        select(*columns_of(audit, Access))
        .where(audit.c.persons.contains(literal([one], ARRAY(Uuid))))
        .order_by(audit.c.place.desc())
        .limit(limit)
    )
    return read_rows(Access, await tx.execute(query.where(audit.c.place < before) if before else query))
