"""Erasures (删除) in the database: who asked and approved, what each service has erased, and the rows of a person as they go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Text, cast, delete, exists, func, literal_column, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.imports.rows import KeptRow
from libs.common.problems import NotFound
from libs.common.row_mapping import columns_of, read_rows
from libs.common.single_rows import get_one
from services.registry.rules.erasures import ErasedPart, ErasureRequest
from services.registry.rules.guests import CityCard
from services.registry.tables import (
    application,
    card,
    change,
    departure,
    erasure,
    erasure_part,
    household,
    import_row,
    leaver_plan,
    mutation,
    person,
    same_person,
    search_index,
    self_sign_up,
    sign_in_code,
    situation,
    sync_conflict,
    visit,
    wish,
    withdrawal,
    work_check,
)

# Rows that came back from imports, looked through at once.
_ROWS_AT_ONCE = 1000


class ErasureNotFound(NotFound):
    title = "没有这项删除 No such erasure"


async def insert_erasure_if_absent(tx: Transaction, request: ErasureRequest) -> None:
    await tx.execute(insert(erasure).values(vars(request)).on_conflict_do_nothing())


async def lock_erasure(tx: Transaction, one: UUID) -> ErasureRequest:
    """One erasure, locked; raises ErasureNotFound."""
    return await get_one(tx, _one(one).with_for_update(), ErasureRequest, ErasureNotFound(str(one)))


async def get_erasure(tx: Transaction, one: UUID) -> ErasureRequest:
    return await get_one(tx, _one(one), ErasureRequest, ErasureNotFound(str(one)))


def _one(one: UUID) -> Select[tuple[object, ...]]:
    return select(*columns_of(erasure, ErasureRequest)).where(erasure.c.person == one)


async def find_erased_on(tx: Transaction, one: UUID) -> date | None:
    """The day on which the person was forgotten here, if so: nothing that comes late brings them back."""
    return (await tx.execute(select(erasure.c.erased_on).where(erasure.c.person == one))).scalar_one_or_none()


async def update_erasure(tx: Transaction, request: ErasureRequest) -> None:
    await tx.execute(update(erasure).where(erasure.c.person == request.person).values(vars(request)))


async def insert_parts_if_absent(tx: Transaction, parts: Sequence[ErasedPart]) -> None:
    """What a service says; said again it changes nothing."""
    if parts:
        await tx.execute(insert(erasure_part).values([vars(part) for part in parts]).on_conflict_do_nothing())


async def list_parts(tx: Transaction, one: UUID) -> list[ErasedPart]:
    query = select(*columns_of(erasure_part, ErasedPart)).where(erasure_part.c.person == one)
    ordered = query.order_by(erasure_part.c.service, erasure_part.c.kept, erasure_part.c.table)
    return read_rows(ErasedPart, await tx.execute(ordered))


async def list_cards(tx: Transaction, one: UUID) -> list[CityCard]:
    """The cards that were sealed for a person, and when their cities said that they are gone."""
    told = select(card.c.introduction, card.c.city, withdrawal.c.erased_on)
    joined = told.outerjoin(withdrawal, withdrawal.c.introduction == card.c.introduction)
    return read_rows(CityCard, await tx.execute(joined.where(card.c.person == one).order_by(card.c.introduction)))


async def get_mark_of_refused(tx: Transaction) -> tuple[int, int]:
    """What differs as soon as one row that came back is written, put right or forgotten: how many there are, and by whom written."""
    written = cast(cast(literal_column("xmin"), Text), BigInteger)
    totals = func.count().label("rows"), func.coalesce(func.sum(written), 0).label("by")
    query = select(*totals).select_from(import_row).where(import_row.c.content.is_not(None))
    found: Any = (await tx.execute(query)).one()
    return int(found.rows), int(found.by)


async def list_refused(tx: Transaction) -> AsyncIterator[list[KeptRow]]:
    """The rows that came back, whatever their import, some at a time."""
    place, key = (UUID(int=0), 0), tuple_(import_row.c.origin, import_row.c.row)
    while True:
        query = select(*columns_of(import_row, KeptRow)).where(import_row.c.content.is_not(None), key > place)
        page = read_rows(KeptRow, await tx.execute(query.order_by(*key.clauses).limit(_ROWS_AT_ONCE)))
        if not page:
            return
        yield page
        place = page[-1].origin, page[-1].row


async def delete_refused(tx: Transaction, rows: Sequence[KeptRow]) -> int:
    key = tuple_(import_row.c.origin, import_row.c.row)
    return (await tx.execute(delete(import_row).where(key.in_([(each.origin, each.row) for each in rows])))).rowcount


async def delete_person(tx: Transaction, one: UUID, home: UUID) -> dict[str, int]:
    """Every row of a person, and the household when nobody else is in it; rows by table. Cards stay: ids, a city and a day."""
    empty = ~exists().where(person.c.household == home)
    statements = {
        "situation": delete(situation).where(situation.c.person == one),
        "wish": delete(wish).where(wish.c.person == one),
        "wish.partner": update(wish).where(wish.c.partner == one).values(partner=None),
        "change": delete(change).where(change.c.person == one),
        "visit": delete(visit).where(visit.c.person == one),
        "application": delete(application).where(application.c.person == one),
        "leaver_plan": delete(leaver_plan).where(leaver_plan.c.person == one),
        "departure": delete(departure).where(departure.c.person == one),
        "sync_conflict": delete(sync_conflict).where(sync_conflict.c.person == one),
        # That it came stays: sent again it must not bring the person back.
        "mutation": update(mutation).where(mutation.c.person == one).values(person=None, digest=b""),
        "work_check": delete(work_check).where(work_check.c.person == one),
        "same_person": delete(same_person).where(or_(same_person.c.one == one, same_person.c.other == one)),
        "search_index": delete(search_index).where(search_index.c.person == one),
        "self_sign_up": delete(self_sign_up).where(self_sign_up.c.person == one),
        "sign_in_code": delete(sign_in_code).where(sign_in_code.c.person == one),
        "person": delete(person).where(person.c.id == one),
        "household": delete(household).where(household.c.id == home, empty),
    }
    return {name: (await tx.execute(statement)).rowcount for name, statement in statements.items()}
