"""Job fairs in the database, as their nodes announce them, with the posts of the supply list that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.matching.rules.fairs import Booth, Fair, FairCount, FairNotFound
from services.matching.rules.lists import ListedVacancy
from services.matching.tables.fairs import booths, counts, fairs
from services.matching.tables.lists import vacancies

_FAIRS, _BOOTHS, _COUNTS = columns_of(fairs, Fair), columns_of(booths, Booth), columns_of(counts, FairCount)
_VACANCIES = columns_of(vacancies, ListedVacancy)


async def upsert_fair(tx: Transaction, fair: Fair, firms: Sequence[Booth]) -> bool:
    """The newest state of a fair with its firms; False when another node announced it first."""
    row = vars(fair)
    put = insert(fairs).values(row)
    said = {name: value for name, value in row.items() if name != "fair"}
    put = put.on_conflict_do_update(index_elements=["fair"], set_=said, where=fairs.c.node == fair.node)
    if (await tx.execute(put.returning(fairs.c.fair))).scalar() is None:
        return False
    await tx.execute(delete(booths).where(booths.c.fair == fair.fair))
    if firms:
        await tx.execute(insert(booths), [vars(each) for each in firms])
    return True


async def get_fair(tx: Transaction, fair: UUID) -> Fair:
    """One of any node; raises FairNotFound."""
    return await get_one(tx, _one(fair), Fair, FairNotFound(str(fair)))


async def lock_fair(tx: Transaction, fair: UUID) -> Fair:
    """The same; whoever counts who comes next must wait."""
    return await get_one(tx, _one(fair).with_for_update(), Fair, FairNotFound(str(fair)))


def _one(fair: UUID) -> Select[tuple[object, ...]]:
    return select(*_FAIRS).where(fairs.c.fair == fair)


async def list_fairs(
    tx: Transaction, *, state: str | None, city: str | None, since: date | None, after: UUID | None, limit: int
) -> list[Fair]:
    """In the order of entry."""
    query = select(*_FAIRS)
    for column, wanted in ((fairs.c.state, state), (fairs.c.city, city)):
        query = query if wanted is None else query.where(column == wanted)
    query = query if since is None else query.where(fairs.c.day >= since)
    query = query if after is None else query.where(fairs.c.fair > after)
    return read_rows(Fair, await tx.execute(query.order_by(fairs.c.fair).limit(limit)))


async def list_booths(tx: Transaction, fair: UUID) -> list[Booth]:
    """By credit code."""
    query = select(*_BOOTHS).where(booths.c.fair == fair).order_by(booths.c.employer_uscc)
    return read_rows(Booth, await tx.execute(query))


async def list_posts(tx: Transaction, fair: UUID, *, after: UUID | None, limit: int) -> list[ListedVacancy]:
    """The posts of the supply list that stand there and are offered, as `rules.fairs.stands_at` describes, by their ids."""
    firm = and_(booths.c.employer_uscc == vacancies.c.employer_uscc, booths.c.city == vacancies.c.city)
    chosen = or_(func.cardinality(booths.c.vacancies) == 0, vacancies.c.vacancy == func.any(booths.c.vacancies))
    query = select(*_VACANCIES).select_from(vacancies.join(booths, and_(firm, chosen)))
    query = query.where(booths.c.fair == fair, vacancies.c.withdrawn_on.is_(None))
    query = query if after is None else query.where(vacancies.c.vacancy > after)
    return read_rows(ListedVacancy, await tx.execute(query.order_by(vacancies.c.vacancy).limit(limit)))


async def upsert_count(tx: Transaction, stated: FairCount) -> None:
    """A county's newest numbers in place of those before."""
    put = insert(counts).values(vars(stated))
    said = {"signed_up": stated.signed_up, "came": stated.came}
    await tx.execute(put.on_conflict_do_update(index_elements=["fair", "county"], set_=said))


async def list_counts(tx: Transaction, fair: UUID) -> list[FairCount]:
    """By county."""
    query = select(*_COUNTS).where(counts.c.fair == fair).order_by(counts.c.county)
    return read_rows(FairCount, await tx.execute(query))
