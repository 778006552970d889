"""Situations and wishes (务工状况、求职意愿) in the database: each holds from its day on, stated again it replaces itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, or_, select, true
from sqlalchemy.sql.dml import ReturningInsert

from libs.common.database import Transaction, insert_all, rows_given
from libs.common.row_mapping import columns_of, read_rows
from services.registry.rules.situations import Situation, StatedWish
from services.registry.tables import situation, wish


async def upsert_situations(tx: Transaction, given: Sequence[Situation]) -> set[UUID]:
    """Where people work from a day on; answers the people of whom something else was known for that day, or nothing."""
    rows = [vars(each) for each in given]
    return set((await tx.execute(_putting_situations(), {"rows": rows})).scalars()) if rows else set()


async def list_situations_on(tx: Transaction, asked: Sequence[Situation]) -> list[Situation]:
    """What is known of the same people on the same days; nobody of whom nothing is."""
    day = rows_given(situation, ("person", "since"))
    known = columns_of(situation, Situation)
    now = (
        select(*known)
        .where(situation.c.person == day.c.person, situation.c.since <= day.c.since)
        .order_by(situation.c.since.desc())
        .limit(1)
        .lateral("now")
    )
    given = {"rows": [{"person": each.person, "since": each.since} for each in asked]}
    return read_rows(Situation, await tx.execute(select(now).select_from(day.join(now, true())), given))


async def list_wishes_on(tx: Transaction, asked: Sequence[StatedWish]) -> list[StatedWish]:
    """What the same people said at a visit of the same day, as far as that is on record."""
    day = rows_given(wish, ("person", "visited"))
    same = (wish.c.person == day.c.person) & (wish.c.visited == day.c.visited)
    given = {"rows": [{"person": each.person, "visited": each.visited} for each in asked]}
    query = select(*columns_of(wish, StatedWish)).select_from(day.join(wish, same))
    return read_rows(StatedWish, await tx.execute(query, given))


async def upsert_wishes(tx: Transaction, given: Sequence[StatedWish]) -> set[UUID]:
    """What people said at a visit; answers the people of whom it is new or said otherwise."""
    rows = [vars(each) for each in given]
    return set((await tx.execute(_putting_wishes(), {"rows": rows})).scalars()) if rows else set()


@cache
def _putting_situations() -> ReturningInsert[Any]:
    names = [field.name for field in fields(Situation)]
    return _upsert(
        situation, names, key=("person", "since"), compared=("work_place", "channel"), noted=("source", "batch")
    )


@cache
def _putting_wishes() -> ReturningInsert[Any]:
    names = [field.name for field in fields(StatedWish)]
    compared = ("facts", "partner", "fellows")
    return _upsert(wish, names, key=("person", "visited"), compared=compared, noted=("batch", "batch_row"))


def _upsert(
    table: Table, names: Sequence[str], *, key: Sequence[str], compared: Sequence[str], noted: Sequence[str]
) -> ReturningInsert[Any]:
    """Written where the row is new or one of the compared columns differs; answers whose."""
    new = insert_all(table, names)
    differs = or_(*[table.c[name].is_distinct_from(new.excluded[name]) for name in compared])
    put = new.on_conflict_do_update(
        index_elements=list(key), set_={name: new.excluded[name] for name in (*compared, *noted)}, where=differs
    )
    return put.returning(table.c.person)
