"""Villages that the register knows (村), by the households and people who are on record there, within the caller's reach."""

from __future__ import annotations

from sqlalchemy import exists, or_, select, union

from libs.common.access.rows import within
from libs.common.database import Transaction
from services.registry.tables import household, person


async def find_township(tx: Transaction, township: str) -> str | None:
    """The township, if anybody lives there."""
    known = exists().where(person.c.township == township, within(person, tx.reach))
    return township if (await tx.execute(select(known))).scalar_one() else None


async def find_village(tx: Transaction, township: str, village: str) -> str | None:
    """The village, if anybody is on record there."""
    known = (
        exists().where(table.c.township == township, table.c.village == village, within(table, tx.reach))
        for table in (household, person)
    )
    return village if (await tx.execute(select(or_(*known)))).scalar_one() else None


async def list_villages(tx: Transaction, township: str) -> list[str]:
    """Those of a township, by name; none where the township is not known."""
    known = (
        select(table.c.village).where(table.c.township == township, within(table, tx.reach))
        for table in (household, person)
    )
    return sorted((await tx.execute(union(*known))).scalars())


async def list_places(tx: Transaction) -> list[tuple[str, str]]:
    """Townships and villages within reach in which a household is on record, in order."""
    place = household.c.township, household.c.village
    query = select(*place).where(within(household, tx.reach)).distinct().order_by(*place)
    return [(row.township, row.village) for row in await tx.execute(query)]
