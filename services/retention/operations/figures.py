"""指标: the county states the figures of its own people anew whenever something changes, for that day and every later one."""

from __future__ import annotations

from datetime import date

from libs.common.database import Transaction
from libs.common.events.retention import RetentionIndicatorsStated
from libs.common.outbox import announce_all
from services.retention.store import figures

RULE = "retention-indicators 1"


async def hold_figures(tx: Transaction) -> None:
    """Before a write that another transaction may wait for: first this, then that, so that no two wait for each other."""
    await figures.hold_statements(tx, tx.node.code)


async def state_figures(tx: Transaction, *changed: date) -> None:
    """State the figures of each changed day and of every later day that was stated before; unchanged ones are not repeated."""
    county = tx.node.code
    await hold_figures(tx)
    days = {*changed, *await figures.stated_after(tx, county, min(changed))}
    counted = await figures.count_figures(tx, county, days)
    stated = [day for day, values in counted.items() if await figures.keep_statement(tx, county, day, values)]
    await announce_all(
        tx, [RetentionIndicatorsStated(division=county, as_of=day, rule=RULE, figures=counted[day]) for day in stated]
    )
