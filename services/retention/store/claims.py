"""Claims (补贴申领), the papers seen, and the home county's ledger (台账)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction, new_id
from services.retention.tables import claim, evidence, ledger


class ClaimUnknown(problems.NotFound):
    title = "没有这项申领 No such claim here"


async def add_claim(tx: Transaction, **facts: Any) -> UUID:
    id = new_id()
    await tx.execute(insert(claim).values(id=id, **facts))
    return id


async def get_claim(tx: Transaction, id: UUID) -> Row[Any]:
    row = (await tx.execute(select(claim).where(claim.c.id == id, within(claim, tx.reach)))).one_or_none()
    if row is None:
        raise ClaimUnknown(f"{id}")
    return row


async def lock_claim(tx: Transaction, id: UUID) -> Row[Any]:
    query = select(claim).where(claim.c.id == id, within(claim, tx.reach))
    row = (await tx.execute(query.with_for_update(of=claim))).one_or_none()
    if row is None:
        raise ClaimUnknown(f"{id}")
    return row


async def list_claims(tx: Transaction, after: UUID | None, limit: int, state: str | None) -> Sequence[Row[Any]]:
    query = select(claim).where(within(claim, tx.reach)).order_by(claim.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(claim.c.id > after)
    if state is not None:
        query = query.where(claim.c.state == state)
    return (await tx.execute(query)).all()


async def settle_claim(tx: Transaction, id: UUID, **decision: Any) -> None:
    """Write a step of a claim: asked, granted, or refused with the earlier claim."""
    await tx.execute(update(claim).where(claim.c.id == id).values(**decision, version=claim.c.version + 1))


async def add_papers(tx: Transaction, claim_id: UUID, papers: Sequence[tuple[str, str]], on: date) -> None:
    """Note papers that were seen, as (kind, month); one seen twice counts once."""
    rows = [{"id": new_id(), "claim": claim_id, "kind": kind, "month": month, "on": on} for kind, month in papers]
    if rows:
        await tx.execute(insert(evidence).values(rows).on_conflict_do_nothing(constraint="evidence_once"))


async def papers_of(tx: Transaction, claim_id: UUID) -> list[tuple[str, str]]:
    query = (
        select(evidence.c.kind, evidence.c.month)
        .where(evidence.c.claim == claim_id)
        .order_by(evidence.c.kind, evidence.c.month)
    )
    return [(row.kind, row.month) for row in await tx.execute(query)]


async def enter(tx: Transaction, **entry: Any) -> Row[Any] | None:
    """Enter a subsidy in the ledger; answers the earlier entry when person, policy and period are taken, else None."""
    statement = (
        insert(ledger)
        .values(id=new_id(), **entry)
        .on_conflict_do_nothing(constraint="ledger_once")
        .returning(ledger.c.id)
    )
    if (await tx.execute(statement)).one_or_none() is not None:
        return None
    return await find_entry(tx, entry["person"], entry["policy"], entry["period"])


async def find_entry(tx: Transaction, person: UUID, policy: str, period: str) -> Row[Any] | None:
    same = (ledger.c.person == person, ledger.c.policy == policy, ledger.c.period == period)
    return (await tx.execute(select(ledger).where(*same))).one_or_none()
