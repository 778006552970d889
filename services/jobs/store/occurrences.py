"""What has happened that agreements count, in the database: written by its id, and whose it is as the county says."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.jobs.rules.counting import Occurrence
from services.jobs.tables import occurrences, repeats


async def upsert_occurrence(tx: Transaction, given: Occurrence) -> list[UUID]:
    """As it was told last; answers whose it was and whose it is (`same_as`)."""
    key = occurrences.c.kind == given.kind, occurrences.c.id == given.id
    before = (await tx.execute(select(occurrences.c.same_as).where(*key).with_for_update())).scalar_one_or_none()
    said = select(repeats.c.first).where(repeats.c.introduction == given.reference).scalar_subquery()
    facts = {**vars(given), "home": tx.node.code, "same_as": func.coalesce(said, literal(given.reference))}
    put = insert(occurrences).values(facts).on_conflict_do_update(index_elements=["kind", "id"], set_=facts)
    after = (await tx.execute(put.returning(occurrences.c.same_as))).scalar_one()
    return [after] if before in (None, after) else [before, after]


async def delete_occurrence(tx: Transaction, kind: str, one: UUID) -> list[UUID]:
    """What did not happen after all; answers whose it was."""
    gone = delete(occurrences).where(occurrences.c.kind == kind, occurrences.c.id == one)
    return list((await tx.execute(gone.returning(occurrences.c.same_as))).scalars())


async def upsert_repeat(tx: Transaction, introduction: UUID, first: UUID) -> list[UUID]:
    """Whose an introduction is; answers whose what has happened on it was, and whose it is."""
    put = insert(repeats).values(introduction=introduction, first=first)
    await tx.execute(put.on_conflict_do_update(index_elements=["introduction"], set_={"first": first}))
    mine = occurrences.c.reference == introduction, occurrences.c.same_as != first
    before = (await tx.execute(select(occurrences.c.same_as).where(*mine).with_for_update())).scalars().all()
    await tx.execute(update(occurrences).where(*mine).values(same_as=first))
    return [*set(before), first] if before else []


async def find_occurrence(tx: Transaction, kind: str, reference: UUID) -> UUID | None:
    """The id of what has happened on an introduction; of several the earliest."""
    mine = occurrences.c.reference == reference, occurrences.c.kind == kind
    query = select(occurrences.c.id).where(*mine).order_by(occurrences.c.day, occurrences.c.id).limit(1)
    return (await tx.execute(query)).scalar_one_or_none()


async def list_subjects(tx: Transaction, kind: str, reference: UUID) -> list[UUID]:
    """Whose it is."""
    mine = occurrences.c.reference == reference, occurrences.c.kind == kind
    return list((await tx.execute(select(occurrences.c.same_as).where(*mine).distinct())).scalars())
