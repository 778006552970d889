"""Situations and wishes (务工状况、求职意愿) in the database: each holds from its day on, stated again it replaces itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, or_
from sqlalchemy.sql.dml import ReturningInsert

from libs.common.database import Transaction, insert_all
from services.registry.tables import situation, wish


async def put_situations(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Where people work from a day on; answers the people of whom something else was known for that day, or nothing."""
    return await _put(tx, rows, _putting_situations) if rows else []


async def put_wishes(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """What people said at a visit; answers the people of whom it is new or said otherwise."""
    return await _put(tx, rows, _putting_wishes) if rows else []


async def _put(
    tx: Transaction, rows: Sequence[dict[str, Any]], putting: Callable[[tuple[str, ...]], ReturningInsert[Any]]
) -> list[Any]:
    return list((await tx.execute(putting(tuple(rows[0])), {"rows": list(rows)})).scalars())


@cache
def _putting_situations(names: tuple[str, ...]) -> ReturningInsert[Any]:
    return _upsert(situation, names, key=("person", "since"), compared=("work_place", "channel"), noted="source")


@cache
def _putting_wishes(names: tuple[str, ...]) -> ReturningInsert[Any]:
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
