"""Adverts judged wrongly in the database, as they stood when they were marked."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import find_one, get_one
from services.jobs.rules.misjudged import Misjudged, MisjudgedState, Should
from services.jobs.rules.refusals import MisjudgementNotFound
from services.jobs.tables import misjudged

_COLUMNS = columns_of(misjudged, Misjudged)


async def insert_case_if_absent(tx: Transaction, case: Misjudged) -> bool:
    """False where the same is said of the vacancy already, and has not been rejected."""
    new = insert(misjudged).values(vars(case)).on_conflict_do_nothing()
    return (await tx.execute(new.returning(misjudged.c.id))).scalar() is not None


async def find_case_of(tx: Transaction, vacancy: UUID, should: Should) -> Misjudged | None:
    """What is said of a vacancy and has not been rejected."""
    said = misjudged.c.vacancy == vacancy, misjudged.c.should == should, misjudged.c.state != "rejected"
    return await find_one(tx, select(*_COLUMNS).where(*said), Misjudged)


async def get_case(tx: Transaction, case: UUID) -> Misjudged:
    """One within the caller's reach; raises MisjudgementNotFound."""
    query = select(*_COLUMNS).where(misjudged.c.id == case, within(misjudged, tx.reach))
    return await get_one(tx, query, Misjudged, MisjudgementNotFound())


async def lock_case(tx: Transaction, case: UUID) -> Misjudged:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(misjudged.c.id == case, within(misjudged, tx.reach)).with_for_update()
    return await get_one(tx, query, Misjudged, MisjudgementNotFound())


async def update_case(tx: Transaction, after: Misjudged) -> None:
    await tx.execute(update(misjudged).where(misjudged.c.id == after.id).values(vars(after)))


async def list_cases(
    tx: Transaction, *, state: MisjudgedState | None, should: Should | None, after: UUID | None, limit: int
) -> list[Misjudged]:
    """One more than the page holds, in the order of entry."""
    wanted = [within(misjudged, tx.reach)]
    wanted += [column == value for column, value in ((misjudged.c.state, state), (misjudged.c.should, should)) if value]
    if after is not None:
        wanted.append(misjudged.c.id > after)
    query = select(*_COLUMNS).where(*wanted).order_by(misjudged.c.id).limit(limit + 1)
    return read_rows(Misjudged, await tx.execute(query))
