"""Partner systems: registered, found, listed, changed; and the assertions that were used."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.console.rules.systems import System
from services.console.tables import assertion, partner_system


async def insert_system(tx: Transaction, one: System) -> None:
    await tx.execute(insert(partner_system).values(**_values(one)))


async def find_system(tx: Transaction, id: UUID) -> System | None:
    return await _find(tx, select(partner_system).where(partner_system.c.id == id))


async def lock_system(tx: Transaction, id: UUID) -> System | None:
    """The same, and nobody else changes it until the transaction ends."""
    return await _find(tx, select(partner_system).where(partner_system.c.id == id).with_for_update())


async def _find(tx: Transaction, query: Select[Any]) -> System | None:
    row = (await tx.execute(query)).mappings().one_or_none()
    return _system(row) if row else None


async def list_systems(tx: Transaction, after: UUID | None, limit: int, closed: bool | None) -> list[System]:
    """In the order of registration."""
    query = select(partner_system).order_by(partner_system.c.id).limit(limit)
    if after:
        query = query.where(partner_system.c.id > after)
    if closed is not None:
        query = query.where(partner_system.c.closed_at.is_not(None) if closed else partner_system.c.closed_at.is_(None))
    return [_system(row) for row in (await tx.execute(query)).mappings()]


async def update_system(tx: Transaction, one: System) -> System:
    """The system as it is to be; its version counts every change."""
    values = {**_values(one), "version": partner_system.c.version + 1}
    changed = update(partner_system).where(partner_system.c.id == one.id).values(**values).returning(partner_system)
    return _system((await tx.execute(changed)).mappings().one())


async def insert_assertion_if_absent(tx: Transaction, system: UUID, jti: str, until: datetime) -> bool:
    """Mark an assertion as used, for as long as it could be shown; False when it was used before."""
    used = (
        insert(assertion)
        .values(system=system, jti=jti, until=until)
        .on_conflict_do_nothing()
        .returning(assertion.c.jti)
    )
    return (await tx.execute(used)).scalar() is not None


async def delete_assertions_before(tx: Transaction, moment: datetime, batch: int) -> int:
    """So many of those that could be shown until then; how many went."""
    old = (
        select(assertion.c.system, assertion.c.jti)
        .where(assertion.c.until < moment)
        .order_by(assertion.c.until)
        .limit(batch)
    )
    return (await tx.execute(delete(assertion).where(tuple_(assertion.c.system, assertion.c.jti).in_(old)))).rowcount


def _values(one: System) -> dict[str, Any]:
    return {
        **{name: value for name, value in vars(one).items() if name != "version"},
        "regions": list(one.regions),
        "scopes": list(one.scopes),
    }


def _system(row: Any) -> System:
    return System(**{**row, "regions": tuple(row["regions"]), "scopes": tuple(row["scopes"])})
