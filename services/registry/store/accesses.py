"""What the trail says of one person (谁看过我), the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from libs.common.database import Transaction
from services.registry.tables import metadata


async def list_accesses(tx: Transaction, one: UUID, *, before: int, limit: int) -> Sequence[Row[Any]]:
    """Records that name the person, those before a place; 0 for the newest."""
    audit = metadata.tables["registry.audit"]
    query = (
        select(audit)
        .where(audit.c.persons.contains(literal([one], ARRAY(Uuid))))
        .order_by(audit.c.place.desc())
        .limit(limit)
    )
    return (await tx.execute(query.where(audit.c.place < before) if before else query)).all()
