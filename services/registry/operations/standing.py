"""By which day and rule the register is judged (认定基准日): set by the first who brings people in, moved by a run alone."""

from __future__ import annotations

from datetime import date

from libs.common.database import Transaction, new_id
from services.registry.rules.identification import Standing, standing_on
from services.registry.rules.runs import IdentificationRun
from services.registry.store import identification


async def lock_standing(tx: Transaction, on: date, by: str) -> Standing:
    """As it stands until the end of the transaction; where nobody has been judged yet, the end of a quarter by that day."""
    await identification.lock_standing(tx, alone=False)
    found = await identification.find_standing(tx)
    if found is None:
        found = standing_on(on)
        now = tx.node.clock.now()
        await identification.insert_run(
            tx,
            IdentificationRun(
                id=new_id(), day=found.day, rule=found.rule, changed=0, townships=[], counted_by=by, counted_at=now
            ),
        )
    return found
