"""A person is told who looked (谁看过我), as far as the caller may see the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from libs.common.database import Transaction
from services.registry.operations import labourers
from services.registry.store import accesses


async def list_accesses(tx: Transaction, one: UUID, *, before: int, limit: int) -> Sequence[Row[Any]]:
    """What the trail says of one person, the newest first; 404 when there is none whom the caller may see."""
    await labourers.show_labourer(tx, one, tx.node.today())
    await tx.widen()
    return await accesses.list_accesses(tx, one, before=before, limit=limit)
