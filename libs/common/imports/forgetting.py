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


def forgets_trials(imports: Imports) -> Forget:
    """What was tried and nobody has confirmed goes, with its file and its rows; that it was tried stays in the list."""

    async def forget_trials(tx: Transaction, settings: Any, batch: int) -> int:
        days = min(settings.trial_days, settings.import_days)  # not without the rows that were put right
        first = first_id_of(tx.node.clock.now() - DAY * days)
        waiting = await imports.tables.list_tried(tx, first, batch)
        return sum([await imports.tables.update_let_go(tx, number, "expired") for number in waiting])

    return forget_trials
