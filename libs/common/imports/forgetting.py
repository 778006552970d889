"""Rows that came back are as personal as the others, and kept for a time (清理退回的行)."""

from __future__ import annotations

from typing import Any

from libs.common.calendar import first_id_of
from libs.common.database import Transaction
from libs.common.housekeeping import DAY, Forget
from libs.common.imports.flow import Imports


def forgets_rows(imports: Imports) -> Forget:
    """Those of imports that are older than the setting of days."""

    async def forget_rows(tx: Transaction, settings: Any, batch: int) -> int:
        first = first_id_of(tx.node.clock.now() - DAY * settings.import_days)
        return await imports.tables.rows.delete_before(tx, first, batch)

    return forget_rows
