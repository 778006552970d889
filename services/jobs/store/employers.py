"""Employers in the database: written by credit code, found by name, listed by region."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.prepared_queries import PreparedQuery
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.jobs.rules.employers import Employer
from services.jobs.rules.refusals import EmployerNotFound
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


async def list_ids_by_uscc(tx: Transaction, city: str, usccs: Collection[str]) -> list[UUID]:
    """The ids of a city's employers with these credit codes."""
    query = select(employers.c.id).where(employers.c.city == city, among(employers.c.uscc, usccs))
    return list((await tx.execute(query)).scalars())


async def list_employers_by_name(tx: Transaction, city: str, names: Collection[str]) -> dict[str, Employer]:
    """Those of a city's employers that have one of these folded names, by it; of two with one name the later entered."""
    named = employers.c.city == city, among(employers.c.folded_name, names)
    found = read_rows(Employer, await tx.execute(select(*_COLUMNS).where(*named).order_by(employers.c.id)))
    return {each.folded_name: each for each in found}


async def list_known_usccs(tx: Transaction, city: str, usccs: Collection[str]) -> set[str]:
    """Those of these credit codes that are on the city's list."""
    listed = employers.c.city == city, among(employers.c.uscc, usccs)
    return set((await tx.execute(select(employers.c.uscc).where(*listed))).scalars())


async def find_employer_by_uscc(tx: Transaction, city: str, uscc: str) -> Employer | None:
    found = await tx.ask(_by_uscc(), city=city, uscc=uscc)
    return found[0] if found else None


@cache
def _by_uscc() -> PreparedQuery[Employer]:
    named = employers.c.city == bindparam("city"), employers.c.uscc == bindparam("uscc")
    return PreparedQuery(select(*_COLUMNS).where(*named), into=Employer)


async def get_employer(tx: Transaction, employer: UUID) -> Employer:
    """One within the caller's reach; raises EmployerNotFound."""
    query = select(*_COLUMNS).where(employers.c.id == employer, within(employers, tx.reach))
    return await get_one(tx, query, Employer, EmployerNotFound())


async def list_employers(tx: Transaction, *, designated: bool | None, after: UUID | None, limit: int) -> list[Employer]:
    """One more than the page holds, in the order of entry."""
    wanted = [within(employers, tx.reach)]
    if designated is not None:
        wanted.append(employers.c.designated == designated)
    if after is not None:
        wanted.append(employers.c.id > after)
    query = select(*_COLUMNS).where(*wanted).order_by(employers.c.id).limit(limit + 1)
    return read_rows(Employer, await tx.execute(query))
