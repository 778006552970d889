"""The figures: keep what nodes state, show the table as of a date."""

from __future__ import annotations

from datetime import date

from libs.common.database import Transaction
from libs.common.telemetry import log
from services.console.rules.province import Statement, Table, add_up, speaks_for
from services.console.store import statements as store


async def record_statement(tx: Transaction, node: str, one: Statement) -> None:
    """Keep what a node says of its own division; what it says of another is logged and not counted."""
    if not speaks_for(node, one.division):
        log.warning("statement_of_another_division", node=node, division=one.division, kind=one.kind)
        return
    await store.upsert_statement(tx, one)


async def show_province(tx: Transaction, as_of: date) -> Table:
    """The table as of a date, with a line for this node and each of its partners."""
    nodes = sorted([tx.node.id, *tx.node.partners])
    statements = await store.list_statements(tx, as_of)
    return add_up(statements, as_of, [node[1:] for node in nodes])


async def list_dates(tx: Transaction, limit: int = 6) -> list[date]:
    """The latest dates that figures were stated for."""
    return await store.list_dates(tx, limit)
