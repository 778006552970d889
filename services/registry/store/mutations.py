"""What phones have sent (上行同步) in the database, and which fields others have changed since a version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from libs.common.row_mapping import columns_of, read_row
from services.registry.rules.mutations import KeptMutation, Outcome
from services.registry.tables import change, mutation, sync_version

_FORGET = """
DELETE FROM mutation WHERE ctid = ANY(ARRAY(SELECT ctid FROM mutation WHERE at < :before ORDER BY at LIMIT :batch))
"""


async def insert_mutation_if_absent(tx: Transaction, owner: str, one: UUID, digest: bytes, at: datetime) -> bool:
    """Whether this id is sent for the first time; whoever sends it at the same moment waits."""
    claim = insert(mutation).values(owner=owner, id=one, digest=digest, at=at).on_conflict_do_nothing()
    return (await tx.execute(claim.returning(mutation.c.id))).one_or_none() is not None


async def get_mutation(tx: Transaction, owner: str, one: UUID) -> KeptMutation:
    query = select(*columns_of(mutation, KeptMutation)).where(mutation.c.owner == owner, mutation.c.id == one)
    return read_row(KeptMutation, (await tx.execute(query)).one())


async def update_mutation(tx: Transaction, owner: str, one: UUID, outcome: Outcome) -> None:
    values = {**vars(outcome), "fields": list(outcome.fields)}
    await tx.execute(update(mutation).where(mutation.c.owner == owner, mutation.c.id == one).values(values))


async def find_entered(tx: Transaction, owner: str, one: UUID) -> UUID | None:
    """The person whom a mutation of this caller has entered."""
    query = select(mutation.c.person).where(mutation.c.owner == owner, mutation.c.id == one)
    return (await tx.execute(query)).scalar_one_or_none()


async def list_fields_since(tx: Transaction, one: UUID, base: int, current: int) -> set[str] | None:
    """Which fields were written since a person had a version; None when that is no longer known."""
    since = select(func.min(sync_version.c.written), func.count()).where(
        sync_version.c.person == one, sync_version.c.version > base, sync_version.c.version <= current
    )
    first, known = tuple((await tx.execute(since)).one())
    if known < current - base:
        return None
    if not known:
        return set()
    query = select(change.c.field).where(change.c.person == one, change.c.written >= first).distinct()
    return set((await tx.execute(query)).scalars())


async def delete_mutations(tx: Transaction, before: datetime, batch: int) -> int:
    """Those that came before that time."""
    return (await tx.execute(text(_FORGET), {"before": before, "batch": batch})).rowcount
