"""Forgotten people (删除) in the database: their rows go, a mark stays so that nothing late brings them back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction
from services.matching.tables import fairs, introductions, lists, runs


async def insert_erased_if_absent(tx: Transaction, person: UUID, on: date) -> bool:
    """Mark a person as forgotten; False when marked before."""
    new = insert(lists.erased_people).values(person=person, on=on).on_conflict_do_nothing()
    return (await tx.execute(new.returning(lists.erased_people.c.person))).one_or_none() is not None


async def find_erasure(tx: Transaction, person: UUID) -> date | None:
    """The day on which the register has forgotten a person."""
    return (
        await tx.execute(select(lists.erased_people.c.on).where(lists.erased_people.c.person == person))
    ).scalar_one_or_none()


async def delete_person(tx: Transaction, person: UUID) -> dict[str, int]:
    """The person's row, the facts declared with introductions, and whose pseudonym it was in each run; rows by table."""
    listed, declared, run = lists.people, introductions.introductions, runs.people
    merged = introductions.merged
    statements = {
        "people": delete(listed).where(listed.c.person == person),
        "introductions.declared": update(declared).where(declared.c.person == person).values(declared=None),
        "introductions.recorded_for": update(declared)
        .where(declared.c.recorded_for == person)
        .values(recorded_for=None),
        "fair_visitors": delete(fairs.visitors).where(fairs.visitors.c.person == person),
        "fair_signings": delete(fairs.signings).where(fairs.signings.c.person == person),
        "merged_people": delete(merged).where(or_(merged.c.goes == person, merged.c.stays == person)),
        # The places of a run stay verifiable under their pseudonyms; nobody is behind this one any more.
        "run_people.person": update(run).where(run.c.person == person).values(person=func.gen_random_uuid()),
    }
    return {name: (await tx.execute(statement)).rowcount for name, statement in statements.items()}
