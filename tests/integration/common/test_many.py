"""A county has more people than a statement has parameters."""

from __future__ import annotations

from sqlalchemy import Uuid, column, func, select
from sqlalchemy import table as any_table

from libs.common.database import PARAMETERS, among, new_id, portions
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE, tally


async def test_any_number_of_values_can_be_asked_for_at_once(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE)
    names = [f"name {number}" for number in range(PARAMETERS + 1000)]
    async with office.database.transaction() as tx:
        await tx.execute(tally.insert(), [{"name": name, "count": 1} for name in (names[0], names[-1], "another")])
        found = (await tx.execute(select(func.count()).select_from(tally).where(among(tally.c.name, names)))).scalar_one()
        nobody = (await tx.execute(select(func.count()).select_from(tally).where(among(tally.c.name, [])))).scalar_one()
    assert (found, nobody) == (2, 0)


async def test_values_keep_the_type_of_their_column(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE)
    events = any_table("outbox", column("id", Uuid))
    async with office.database.reading() as tx:
        assert (await tx.execute(select(events.c.id).where(among(events.c.id, [new_id()])))).all() == []


async def test_rows_of_one_insert_stay_below_the_limit(nodes: Nodes) -> None:
    office = await nodes.open(SERVICE)
    rows = [{"name": f"name {number}", "count": 1} for number in range(PARAMETERS)]
    assert all(len(portion) * 2 <= PARAMETERS for portion in portions(rows))
    async with office.database.transaction() as tx:
        for portion in portions(rows):
            await tx.execute(tally.insert().values(list(portion)))
        assert (await tx.execute(select(func.count()).select_from(tally))).scalar_one() == PARAMETERS
    assert list(portions([])) == []
