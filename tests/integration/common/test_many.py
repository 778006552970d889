"""A county has more people than a statement has parameters."""

from __future__ import annotations

from sqlalchemy import Uuid, column, func, select
from sqlalchemy import table as any_table

from libs.common.database import among, insert_all, new_id
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE, tally

# As many as a statement of PostgreSQL's protocol can carry.
PARAMETERS = 32_767


async def test_any_number_of_values_can_be_asked_for_at_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    names = [f"name {number}" for number in range(PARAMETERS + 1000)]
    async with context.database.transaction() as tx:
        await tx.execute(tally.insert(), [{"name": name, "count": 1} for name in (names[0], names[-1], "another")])
        found = (
            await tx.execute(select(func.count()).select_from(tally).where(among(tally.c.name, names)))
        ).scalar_one()
        nobody = (await tx.execute(select(func.count()).select_from(tally).where(among(tally.c.name, [])))).scalar_one()
    assert (found, nobody) == (2, 0)


async def test_values_keep_the_type_of_their_column(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    events = any_table("outbox", column("id", Uuid))
    async with context.database.reading() as tx:
        assert (await tx.execute(select(events.c.id).where(among(events.c.id, [new_id()])))).all() == []


async def test_any_number_of_rows_go_in_with_one_statement(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    rows = [{"name": f"name {number}", "count": 1} for number in range(PARAMETERS)]
    async with context.database.transaction() as tx:
        await tx.execute(insert_all(tally, ["name", "count"]), {"rows": rows})
        assert (await tx.execute(select(func.count()).select_from(tally))).scalar_one() == PARAMETERS
