"""What phones are told (同步) in the database: which rows of a scope have changed since a transaction, and what is forgotten in time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_

from libs.common.access.rows import within
from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of, read_row, read_rows
from services.registry.rules.households import SyncedHousehold
from services.registry.rules.sync import Gate, Place, Position, Stamp
from services.registry.tables import household, person, sync_row

# Whoever has left the register (减员) is on no phone.
_HERE = person.c.left_on.is_(None)
# Every number below the first of whoever is still writing belongs to a transaction that has ended, and nobody gets a lower one.
_GATE = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS open_from, coalesce((SELECT max(changed) FROM sync_floor), 0) AS forgotten,
(SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT timeline_id FROM pg_control_checkpoint()) AS life
"""
_FORGET = """
WITH gone AS (
    DELETE FROM sync_row WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sync_row WHERE NOT here AND at < :before ORDER BY at LIMIT :batch
    )) RETURNING changed
), floors AS (
    INSERT INTO sync_floor AS floor (kind, changed) SELECT 'gone', max(changed) FROM gone HAVING count(*) > 0
    ON CONFLICT (kind) DO UPDATE SET changed = greatest(floor.changed, excluded.changed)
)
SELECT count(*) FROM gone
"""
_FORGET_VERSIONS = """
DELETE FROM sync_version WHERE ctid = ANY(ARRAY(SELECT ctid FROM sync_version WHERE at < :before ORDER BY at LIMIT :batch))
"""


async def get_gate(tx: Transaction) -> Gate:
    """To be asked before the rows: then whatever is below it is seen."""
    return read_row(Gate, (await tx.execute(text(_GATE))).one())


async def list_here(tx: Transaction, position: Position, limit: int) -> list[Stamp]:
    """Whoever is in the caller's scope, households first, by id."""
    follows = tuple_(sync_row.c.kind, sync_row.c.id) > tuple_(position.kind, position.id)
    query = _stamps(tx).where(sync_row.c.here, follows).order_by(sync_row.c.kind, sync_row.c.id)
    return read_rows(Stamp, await tx.execute(query.limit(limit)))


async def list_changed(tx: Transaction, position: Position, gate: Gate, limit: int) -> list[Stamp]:
    """Whatever is or was in the caller's scope and was written since, in the order of transactions."""
    order = sync_row.c.changed, sync_row.c.kind, sync_row.c.id
    follows = tuple_(*order) > tuple_(position.changed, position.kind, position.id)
    query = _stamps(tx).where(sync_row.c.changed >= position.changed, sync_row.c.changed < gate.open_from, follows)
    return read_rows(Stamp, await tx.execute(query.order_by(*order).limit(limit)))


def _stamps(tx: Transaction) -> Select[tuple[object, ...]]:
    return select(*columns_of(sync_row, Stamp)).where(within(sync_row, tx.reach), _in_townships(tx))


def _in_townships(tx: Transaction) -> ColumnElement[bool]:
    """For the index: the township of every place within reach."""
    return among(sync_row.c.township, sorted({place.split("/")[0] for place in tx.reach.whose}))


async def list_households_by_id(tx: Transaction, ids: Collection[UUID]) -> list[SyncedHousehold]:
    """Those of them within reach in which somebody lives."""
    query = select(*columns_of(household, SyncedHousehold)).where(
        among(household.c.id, ids), household.c.closed_on.is_(None), within(household, tx.reach)
    )
    return read_rows(SyncedHousehold, await tx.execute(query.order_by(household.c.id)))


async def list_residents_of(tx: Transaction, homes: Collection[UUID]) -> list[UUID]:
    """Who lives in one of these households, within reach."""
    query = select(person.c.id).where(among(person.c.household, homes), within(person, tx.reach), _HERE)
    return list((await tx.execute(query)).scalars())


async def list_places(tx: Transaction) -> list[Place]:
    """The villages in which anybody lives, within reach."""
    place = person.c.township, person.c.village
    query = select(*place).where(within(person, tx.reach), _HERE).distinct().order_by(*place)
    return read_rows(Place, await tx.execute(query))


async def count_rows(tx: Transaction, one: UUID) -> int:
    """In how many places phones are told of somebody, or to forget them."""
    query = select(func.count()).select_from(sync_row).where(sync_row.c.kind == "person", sync_row.c.id == one)
    return int((await tx.execute(query)).scalar_one())


async def delete_gone(tx: Transaction, before: datetime, batch: int) -> int:
    """Rows of where nobody is any more since before that time; who knows less than they told starts anew."""
    return int((await tx.execute(text(_FORGET), {"before": before, "batch": batch})).scalar_one())


async def delete_versions(tx: Transaction, before: datetime, batch: int) -> int:
    """In which transactions versions of people came about, before that time."""
    return (await tx.execute(text(_FORGET_VERSIONS), {"before": before, "batch": batch})).rowcount
