"""Answers of months about work (务工月监测) in the database: one for each person and round, replaced when it is put right."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from libs.common.database import Transaction, among
from libs.common.row_mapping import columns_of
from libs.common.single_rows import find_one
from services.registry.rules.situations import Situation
from services.registry.rules.work_checks import WorkCheck
from services.registry.tables import round_, situation, work_check

_COLUMNS = columns_of(work_check, WorkCheck)


async def find_check(tx: Transaction, one: UUID, person: UUID) -> WorkCheck | None:
    asked = work_check.c.round == one, work_check.c.person == person
    return await find_one(tx, select(*_COLUMNS).where(*asked), WorkCheck)


async def find_check_before(tx: Transaction, person: UUID, period: str) -> WorkCheck | None:
    """The newest answer of an earlier month."""
    earlier = work_check.c.person == person, round_.c.period < period
    query = select(*_COLUMNS).join(round_, round_.c.id == work_check.c.round).where(*earlier)
    return await find_one(tx, query.order_by(round_.c.period.desc()).limit(1), WorkCheck)


async def list_answered_before(tx: Transaction, people: Collection[UUID], period: str) -> set[UUID]:
    """Of whom an earlier month has an answer."""
    earlier = among(work_check.c.person, people), round_.c.period < period
    query = select(work_check.c.person).join(round_, round_.c.id == work_check.c.round).where(*earlier)
    return set((await tx.execute(query.distinct())).scalars())


async def upsert_check(tx: Transaction, given: WorkCheck) -> None:
    added = insert(work_check).values(vars(given))
    await tx.execute(added.on_conflict_do_update(index_elements=["round", "person"], set_=vars(given)))


async def find_situation(tx: Transaction, person: UUID, on: date) -> Situation | None:
    """Where somebody works as far as it is known on that day."""
    known = select(*columns_of(situation, Situation)).where(situation.c.person == person, situation.c.since <= on)
    return await find_one(tx, known.order_by(situation.c.since.desc()).limit(1), Situation)


async def count_work_checks(tx: Transaction, one: UUID) -> int:
    """Of how many people a month's round has an answer."""
    query = select(func.count()).select_from(work_check).where(work_check.c.round == one)
    return int((await tx.execute(query)).scalar_one())
