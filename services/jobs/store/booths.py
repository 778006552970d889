"""Who stands at a fair (展位): a firm once, by its credit code, with the posts that it offers today."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_rows
from services.jobs.rules.employers import Employer
from services.jobs.rules.fairs import Booth, ShownBooth
from services.jobs.tables import booths, vacancies

_COLUMNS = columns_of(booths, Booth)


async def upsert_booth(tx: Transaction, given: Booth) -> None:
    """The same firm again stands there as it is said now."""
    put = insert(booths).values(vars(given))
    said = {name: put.excluded[name] for name in ("employer", "employer_name", "city", "vacancies")}
    await tx.execute(put.on_conflict_do_update(index_elements=["fair", "employer_uscc"], set_=said))


async def delete_booth(tx: Transaction, fair: UUID, uscc: str) -> bool:
    """Whether it stood there."""
    gone = delete(booths).where(booths.c.fair == fair, booths.c.employer_uscc == uscc)
    return bool((await tx.execute(gone)).rowcount)


async def list_booths(tx: Transaction, fair: UUID) -> list[Booth]:
    """By credit code."""
    query = select(*_COLUMNS).where(booths.c.fair == fair).order_by(booths.c.employer_uscc)
    return read_rows(Booth, await tx.execute(query))


async def list_shown_booths(tx: Transaction, fair: UUID) -> list[ShownBooth]:
    """The same with what they offer today."""
    chosen = or_(func.cardinality(booths.c.vacancies) == 0, vacancies.c.id == func.any(booths.c.vacancies))
    offered = vacancies.c.employer == booths.c.employer, vacancies.c.state == "vetted", vacancies.c.paused.is_(None)
    titles = select(func.coalesce(func.array_agg(vacancies.c.title), [])).where(*offered, chosen).scalar_subquery()
    query = select(*_COLUMNS, titles.label("posts")).where(booths.c.fair == fair).order_by(booths.c.employer_uscc)
    return read_rows(ShownBooth, await tx.execute(query))


async def update_booths_of(tx: Transaction, employer: UUID, now: Employer) -> None:
    """What an entry of a firm had a booth for, another one has, or the same one under its new name; where both had one, that of the one
    that stays counts."""
    theirs, other = booths.c.employer == employer, booths.c.employer_uscc != now.uscc
    both = select(booths.c.fair).where(booths.c.employer_uscc == now.uscc)
    await tx.execute(delete(booths).where(theirs, other, booths.c.fair.in_(both)))
    carried = {"employer": now.id, "employer_uscc": now.uscc, "employer_name": now.name}
    await tx.execute(update(booths).where(theirs).values(**carried))


async def list_offered(tx: Transaction, employer: UUID, wanted: Collection[UUID]) -> set[UUID]:
    """Those of some vacancies that this firm offers today."""
    offered = vacancies.c.employer == employer, vacancies.c.state == "vetted", vacancies.c.paused.is_(None)
    query = select(vacancies.c.id).where(among(vacancies.c.id, wanted), *offered)
    return set((await tx.execute(query)).scalars())
