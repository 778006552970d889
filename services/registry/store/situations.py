"""Situations and wishes (务工状况、求职意愿) in the database: each holds from its day on, stated again it replaces itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, portions
from services.registry.tables import situation, wish


async def put_situations(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Where people work from a day on; answers the people of whom something else was known for that day, or nothing."""
    return [person for portion in portions(rows) for person in await _put_situations(tx, portion)]


async def _put_situations(tx: Transaction, rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    new = insert(situation).values(list(rows))
    differs = or_(
        *[situation.c[name].is_distinct_from(new.excluded[name]) for name in ("work_place", "channel")],
    )
    put = new.on_conflict_do_update(
        index_elements=["person", "since"],
        set_={name: new.excluded[name] for name in ("work_place", "channel", "source")},
        where=differs,
    )
    return (await tx.execute(put.returning(situation.c.person))).scalars().all()


async def put_wishes(tx: Transaction, rows: Sequence[dict[str, Any]]) -> list[Any]:
    """What people said at a visit; answers the people of whom it is new or said otherwise."""
    return [person for portion in portions(rows) for person in await _put_wishes(tx, portion)]


async def _put_wishes(tx: Transaction, rows: Sequence[dict[str, Any]]) -> Sequence[Any]:
    new = insert(wish).values(list(rows))
    differs = or_(
        wish.c.facts != new.excluded.facts,
        *[wish.c[name].is_distinct_from(new.excluded[name]) for name in ("partner", "fellows")],
    )
    put = new.on_conflict_do_update(
        index_elements=["person", "visited"],
        set_={name: new.excluded[name] for name in ("facts", "partner", "fellows", "batch")},
        where=differs,
    )
    return (await tx.execute(put.returning(wish.c.person))).scalars().all()
