"""Claims (补贴申领), the papers seen, and the home county's ledger (台账)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects.postgresql import insert

from libs.common import problems
from libs.common.access.rows import within
from libs.common.database import Transaction, new_id
from libs.common.row_mapping import columns_of
from services.retention.rules.subsidy import Claim, Decision, LedgerEntry
from services.retention.tables import claim, evidence, ledger

_CLAIM = columns_of(claim, Claim)


class ClaimUnknown(problems.NotFound):
    title = "没有这项申领 No such claim here"


async def insert_claim(tx: Transaction, draft: Claim) -> None:
    await tx.execute(insert(claim).values(**asdict(draft)))


async def get_claim(tx: Transaction, id: UUID) -> Claim:
    return await _one(tx, id, select(*_CLAIM))


async def lock_claim(tx: Transaction, id: UUID) -> Claim:
    return await _one(tx, id, select(*_CLAIM).with_for_update(of=claim))


async def _one(tx: Transaction, id: UUID, query: Select[Any]) -> Claim:
    row = (await tx.execute(query.where(claim.c.id == id, within(claim, tx.reach)))).one_or_none()
    if row is None:
        raise ClaimUnknown(f"{id}")
    return Claim(**row._asdict())


async def list_claims(tx: Transaction, after: UUID | None, limit: int, state: str | None) -> list[Claim]:
    query = select(*_CLAIM).where(within(claim, tx.reach)).order_by(claim.c.id).limit(limit + 1)
    if after is not None:
        query = query.where(claim.c.id > after)
    if state is not None:
        query = query.where(claim.c.state == state)
    return [Claim(**row._asdict()) for row in await tx.execute(query)]


async def update_claim_asked(tx: Transaction, id: UUID) -> Claim:
    """The home county's ledger has been asked."""
    return await _update(tx, id, state="asked")


async def update_claim_decided(tx: Transaction, id: UUID, decision: Decision) -> Claim:
    """Granted, or refused with the earlier claim."""
    return await _update(
        tx,
        id,
        state="granted" if decision.granted else "refused",
        decided_on=decision.on,
        reason=decision.reason,
        earlier_region=decision.earlier_region,
        earlier_period=decision.earlier_period,
    )


async def _update(tx: Transaction, id: UUID, **step: Any) -> Claim:
    written = update(claim).where(claim.c.id == id).values(**step, version=claim.c.version + 1).returning(*_CLAIM)
    row = (await tx.execute(written)).one_or_none()
    if row is None:
        raise ClaimUnknown(f"{id}")
    return Claim(**row._asdict())


async def insert_papers_if_absent(tx: Transaction, claim_id: UUID, papers: Sequence[tuple[str, str]], on: date) -> None:
    """Note papers that were seen, as (kind, month); one seen twice counts once."""
    rows = [{"id": new_id(), "claim": claim_id, "kind": kind, "month": month, "on": on} for kind, month in papers]
    if rows:
        await tx.execute(insert(evidence).values(rows).on_conflict_do_nothing(constraint="evidence_once"))


async def list_papers(tx: Transaction, claim_id: UUID) -> list[tuple[str, str]]:
    query = (
        select(evidence.c.kind, evidence.c.month)
        .where(evidence.c.claim == claim_id)
        .order_by(evidence.c.kind, evidence.c.month)
    )
    return [(row.kind, row.month) for row in await tx.execute(query)]


async def insert_entry_if_absent(tx: Transaction, entry: LedgerEntry) -> LedgerEntry | None:
    """Enter a subsidy in the ledger; answers the earlier entry when person, policy and period are taken, else None."""
    statement = (
        insert(ledger)
        .values(id=new_id(), **asdict(entry))
        .on_conflict_do_nothing(index_elements=["person", "policy", "period"], index_where=text("NOT paid_twice"))
        .returning(ledger.c.id)
    )
    if (await tx.execute(statement)).one_or_none() is not None:
        return None
    return await find_entry(tx, entry.person, entry.policy, entry.period)


async def find_entry(tx: Transaction, person: UUID, policy: str, period: str) -> LedgerEntry | None:
    columns = columns_of(ledger, LedgerEntry)
    same = (ledger.c.person == person, ledger.c.policy == policy, ledger.c.period == period, ~ledger.c.paid_twice)
    row = (await tx.execute(select(*columns).where(*same))).one_or_none()
    return LedgerEntry(**row._asdict()) if row else None
