"""Situations and wishes (务工状况、求职意愿) in the database: each holds from its day on, stated again it replaces itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Table, or_
from sqlalchemy.sql.dml import ReturningInsert

from libs.common.database import Transaction, insert_all
from services.registry.rules.situations import Situation, StatedWish
from services.registry.tables import situation, wish


async def upsert_situations(tx: Transaction, given: Sequence[Situation]) -> set[UUID]:
    """Where people work from a day on; answers the people of whom something else was known for that day, or nothing."""
    rows = [vars(each) for each in given]
    return set((await tx.execute(_putting_situations(), {"rows": rows})).scalars()) if rows else set()


async def upsert_wishes(tx: Transaction, given: Sequence[StatedWish]) -> set[UUID]:
    """What people said at a visit; answers the people of whom it is new or said otherwise."""
    rows = [vars(each) for each in given]
    return set((await tx.execute(_putting_wishes(), {"rows": rows})).scalars()) if rows else set()


@cache
def _putting_situations() -> ReturningInsert[Any]:
    names = [field.name for field in fields(Situation)]
    return _upsert(situation, names, key=("person", "since"), compared=("work_place", "channel"), noted="source")


@cache
def _putting_wishes() -> ReturningInsert[Any]:
    names = [field.name for field in fields(StatedWish)]
    return _upsert(wish, names, key=("person", "visited"), compared=("facts", "partner", "fellows"), noted="batch")


def _upsert(
    table: Table, names: Sequence[str], *, key: Sequence[str], compared: Sequence[str], noted: str
) -> ReturningInsert[Any]:
    """Written where the row is new or one of the compared columns differs; answers whose."""
    new = insert_all(table, names)
    differs = or_(*[table.c[name].is_distinct_from(new.excluded[name]) for name in compared])
    put = new.on_conflict_do_update(
        index_elements=list(key), set_={name: new.excluded[name] for name in (*compared, noted)}, where=differs
    )
    return put.returning(table.c.person)
