"""The ledger of promises as it is told: what of this city is due to be told again, and what every city has stated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of
from services.retention.rules.promises import StatedPromise, Terms, ToldPromise
from services.retention.tables import promise, promise_due, terms, vacancy

_STATED = columns_of(promise, StatedPromise)
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('promises'), hashtext(current_schema()))")


async def upsert_terms(tx: Transaction, told: Terms) -> None:
    """The last word of a day counts."""
    put = insert(terms).values(vars(told))
    await tx.execute(put.on_conflict_do_update(index_elements=["vacancy", "on"], set_=vars(told)))


async def insert_due(tx: Transaction, vacancy_id: UUID) -> None:
    """The firm of this city's vacancy has something new to show; none where no such vacancy has been heard of."""
    own = vacancy.c.id == vacancy_id, vacancy.c.city == tx.node.code, vacancy.c.employer_uscc.is_not(None)
    firm = select(vacancy.c.employer_uscc).where(*own)
    await tx.execute(insert(promise_due).from_select(["employer_uscc"], firm))


async def insert_due_firms(tx: Transaction, *firms: str) -> None:
    await tx.execute(insert(promise_due), [{"employer_uscc": firm} for firm in firms])


async def delete_due(tx: Transaction, limit: int) -> list[str]:
    """Firms whose turn it is, once each. One transaction at a time takes them; another one finds nothing."""
    if not (await tx.execute(_ALONE)).scalar_one():
        return []
    oldest = select(promise_due.c.id).order_by(promise_due.c.id).limit(limit)
    taken = delete(promise_due).where(promise_due.c.id.in_(oldest)).returning(promise_due.c.employer_uscc)
    return sorted(set((await tx.execute(taken)).scalars()))


async def list_stated(
    tx: Transaction,
    *,
    firms: bool,
    vacancies: Sequence[UUID] | None = None,
    employer: str | None = None,
    city: str | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[StatedPromise]:
    """Firms, or posts, as their cities have stated them, in the order of ids."""
    query = select(*_STATED).where(promise.c.vacancy.is_(None) == literal(firms)).order_by(promise.c.id).limit(limit)
    query = query if vacancies is None else query.where(promise.c.vacancy.in_(vacancies))
    for column, wanted in ((promise.c.employer_uscc, employer), (promise.c.city, city)):
        query = query if wanted is None else query.where(column == wanted)
    query = query if after is None else query.where(promise.c.id > after)
    return [_stated(row) for row in await tx.execute(query)]


async def upsert_stated(tx: Transaction, city: str, employer: str, lines: Sequence[StatedPromise]) -> None:
    """The newest statement of one firm replaces the older; a post that stands in it stands nowhere else."""
    here = promise.c.city == city
    gone = (promise.c.employer_uscc == employer) | promise.c.id.in_([line.id for line in lines])
    await tx.execute(delete(promise).where(here, gone))
    if lines:
        await tx.execute(insert(promise).on_conflict_do_nothing(), [_row(line) for line in lines])


def _row(line: StatedPromise) -> dict[str, Any]:
    return {**vars(line), "told": {**vars(line.told), "vacancy": None}}


def _stated(row: Row[Any]) -> StatedPromise:
    facts = row._asdict()
    told = {**facts.pop("told"), "vacancy": facts["vacancy"]}
    return StatedPromise(**facts, told=ToldPromise(**told))
