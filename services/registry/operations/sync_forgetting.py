"""What phones may no longer count on (清理): rows of who has left, and in which transactions people came to their versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from libs.common.database import Transaction
from services.registry.settings import RegistrySettings
from services.registry.store import mutations, sync

_DAY = timedelta(days=1)


async def forget_gone(tx: Transaction, settings: Any, batch: int) -> int:
    return await sync.delete_gone(tx, _before(tx, settings), batch)


async def forget_versions(tx: Transaction, settings: Any, batch: int) -> int:
    return await sync.delete_versions(tx, _before(tx, settings), batch)


def _before(tx: Transaction, settings: RegistrySettings) -> datetime:
    return tx.node.clock.now() - _DAY * settings.sync_days


async def forget_mutations(tx: Transaction, settings: Any, batch: int) -> int:
    """A day later than such a mutation is refused for its age: none counts twice."""
    return await mutations.delete_mutations(tx, _before(tx, settings) - _DAY, batch)


FORGETS = (forget_gone, forget_versions, forget_mutations)
