"""Employers in the database: written by credit code, found by name, listed and counted as they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Date, between, bindparam, false, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.prepared_queries import PreparedQuery
from libs.common.row_mapping import columns_of, read_row, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.employers import Employer, EmployersWanted
from services.jobs.rules.refusals import EmployerNotFound
from services.jobs.rules.text import folded
from services.jobs.tables import employers

_COLUMNS = columns_of(employers, Employer)
_RENEWED = ("name", "folded_name", "district", "industry", "staff", "designated", "base", "contact", "phone")


async def upsert_employers(tx: Transaction, given: Sequence[Employer]) -> None:
    """New ones go in; of a known code the newer sheet's row counts. `listed_on` keeps the first date."""
    if not given:
        return
    new = insert(employers)
    renewed = {column: new.excluded[column] for column in _RENEWED} | {"version": employers.c.version + 1}
    put = new.on_conflict_do_update(constraint="employers_city_uscc", set_=renewed)
    await tx.execute(put, [vars(each) for each in sorted(given, key=lambda each: each.uscc)])


async def list_employers_by_name(tx: Transaction, city: str, names: Collection[str]) -> dict[str, Employer]:
    """Those of a city's employers that have one of these folded names, by it; of two with one name the later entered."""
    named = employers.c.city == city, among(employers.c.folded_name, names), employers.c.state == "listed"
    found = read_rows(Employer, await tx.execute(select(*_COLUMNS).where(*named).order_by(employers.c.id)))
    return {each.folded_name: each for each in found}


async def lock_employers_by_uscc(tx: Transaction, city: str, usccs: Collection[str]) -> dict[str, Employer]:
    """Those of a city's employers that have one of these credit codes, by it, held until the end of the transaction."""
    listed = employers.c.city == city, among(employers.c.uscc, usccs)
    query = select(*_COLUMNS).where(*listed).order_by(employers.c.id).with_for_update()
    return {each.uscc: each for each in read_rows(Employer, await tx.execute(query))}


async def find_entry_id(tx: Transaction, city: str, uscc: str) -> UUID | None:
    """The entry of a city's list that has this credit code itself, within the caller's reach."""
    named = employers.c.city == city, employers.c.uscc == uscc, within(employers, tx.reach)
    return (await tx.execute(select(employers.c.id).where(*named))).scalar_one_or_none()


async def find_employer_by_uscc(tx: Transaction, city: str, uscc: str) -> Employer | None:
    """The entry with this credit code; of one that was merged, the one that stands for it."""
    found = await tx.ask(_by_uscc(), city=city, uscc=uscc)
    return found[0] if found else None


@cache
def _by_uscc() -> PreparedQuery[Employer]:
    said = employers.alias("said")
    named = said.c.city == bindparam("city"), said.c.uscc == bindparam("uscc")
    stands = employers.c.id == func.coalesce(said.c.merged_into, said.c.id)
    return PreparedQuery(select(*_COLUMNS).select_from(said).where(*named, stands), into=Employer)


async def get_employer(tx: Transaction, employer: UUID) -> Employer:
    """One within the caller's reach; raises EmployerNotFound."""
    query = select(*_COLUMNS).where(employers.c.id == employer, within(employers, tx.reach))
    return await get_one(tx, query, Employer, EmployerNotFound())


async def lock_employer(tx: Transaction, employer: UUID) -> Employer:
    """The same, held until the end of the transaction."""
    query = select(*_COLUMNS).where(employers.c.id == employer, within(employers, tx.reach)).with_for_update()
    return await get_one(tx, query, Employer, EmployerNotFound())


async def lock_employers(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Employer]:
    """Some, held in the order of their ids, so that two such locks cannot cross."""
    query = select(*_COLUMNS).where(among(employers.c.id, ids), within(employers, tx.reach))
    found = read_rows(Employer, await tx.execute(query.order_by(employers.c.id).with_for_update()))
    return {each.id: each for each in found}


async def insert_employer(tx: Transaction, given: Employer) -> bool:
    """False when the city has an entry with this credit code."""
    new = insert(employers).values(vars(given)).on_conflict_do_nothing(constraint="employers_city_uscc")
    return (await tx.execute(new.returning(employers.c.id))).scalar() is not None


async def update_employer(tx: Transaction, before: Employer, after: Employer) -> Employer:
    """Write what differs, count the version up, return the employer as it is stored."""
    changes = {name: value for name, value in vars(after).items() if value != getattr(before, name)}
    changed = update(employers).where(employers.c.id == before.id).values(**changes, version=employers.c.version + 1)
    return read_row(Employer, (await tx.execute(changed.returning(*_COLUMNS))).one())


async def update_merged_into(tx: Transaction, goes: UUID, stays: UUID) -> None:
    """Entries that were merged into the one that goes now stand for the one that stays."""
    await tx.execute(update(employers).where(employers.c.merged_into == goes).values(merged_into=stays))


async def list_employers(tx: Transaction, wanted: EmployersWanted, *, after: UUID | None, limit: int) -> list[Employer]:
    """One more than the page holds, in the order that is asked for."""
    query = select(*_COLUMNS).where(within(employers, tx.reach), *_conditions(wanted))
    keys = (employers.c.folded_name, employers.c.id) if wanted.sort == "name" else (employers.c.id,)
    if after is not None:
        query = query.where(tuple_(*keys) > select(*keys).where(employers.c.id == after).scalar_subquery())
    return read_rows(Employer, await tx.execute(query.order_by(*keys).limit(limit + 1)))


async def count_employers(tx: Transaction, wanted: EmployersWanted) -> int:
    """How many a list with these filters holds."""
    query = select(func.count()).select_from(employers).where(within(employers, tx.reach), *_conditions(wanted))
    return int((await tx.execute(query)).scalar_one())


def _conditions(wanted: EmployersWanted) -> list[ColumnElement[bool]]:
    """Entries that stand for another one are found by asking for them alone."""
    state = employers.c.state
    found = [state == wanted.state if wanted.state else state != "merged"]
    for name in ("designated", "base", "industry", "district"):
        if (value := getattr(wanted, name)) is not None:
            found.append(employers.c[name] == value)
    if wanted.blacklisted is not None:
        listed = func.coalesce(
            between(literal(wanted.today, Date), employers.c.blacklisted_from, employers.c.blacklisted_until), false()
        )
        found.append(listed if wanted.blacklisted else ~listed)
    if wanted.q:
        by_name = employers.c.folded_name.contains(folded(wanted.q), autoescape=True)
        found.append(or_(by_name, employers.c.uscc.contains(wanted.q.upper(), autoescape=True)))
    return found
