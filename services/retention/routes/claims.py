"""The door to claims: a clock that says what is missing, and the ledger that pays once."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Day
from services.retention.operations import claims
from services.retention.rules.subsidy import State
from services.retention.schemas.list_sheets import CLAIMS
from services.retention.schemas.serving import Claim, ClaimDraft, ClaimWithClock, EvidenceDraft
from services.retention.store import claims as store

router = APIRouter(prefix="/retention/v1", tags=["claims 补贴"])


@router.get("/claims", summary="申领清单 List claims")
async def list_claims(
    tx: Reading,
    _: Annotated[Caller, allow("retention.claim.list")],
    state: Annotated[State | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Claim]:
    """Claims made at this node, oldest first. Those of other regions stand in the ledger, not here."""
    rows = await store.list_claims(tx, after_id(after, Claim), limit, state)
    return page_of([Claim.model_validate(row) for row in rows], limit, lambda claim: claim.id)


export_list(router, "/claims.xlsx", list_claims, CLAIMS)


@router.post("/claims", status_code=201, responses=made_at("/retention/v1/claims/{id}"), summary="申领 Claim a subsidy")
async def claim_subsidy(
    draft: ClaimDraft, tx: Tx, _: Annotated[Caller, allow("retention.claim.create")], once: Idempotency
) -> ClaimWithClock:
    """Claim under this region's policy for the year of `on`. The answer says what is missing; a complete claim is decided by
    the home county's ledger (`asked` until it has answered). One person, one policy, one period."""

    async def create() -> ClaimWithClock:
        claim, clock = await claims.claim_subsidy(
            tx,
            person=draft.person,
            introduction=draft.introduction,
            policy=draft.policy,
            on=draft.on,
            papers=[paper.key for paper in draft.evidence],
        )
        return ClaimWithClock.of(claim, clock)

    answer: ClaimWithClock = await answer_once(tx, once, create)
    return answer


@router.get("/claims/{id}", summary="一项申领 One claim with its clock")
async def get_claim(
    id: UUID,
    tx: Reading,
    _: Annotated[Caller, allow("retention.claim.show")],
    as_of: Annotated[Day | None, Query(description="Default today")] = None,
) -> ClaimWithClock:
    """A claim and what it still lacked on a day."""
    claim = await store.get_claim(tx, id)
    return ClaimWithClock.of(claim, await claims.read_clock(tx, claim, as_of or tx.node.today()))


@router.post("/claims/{id}/evidence", summary="补件 Add evidence to a claim")
async def add_evidence(
    id: UUID, draft: EvidenceDraft, tx: Tx, _: Annotated[Caller, allow("retention.claim.add_evidence")]
) -> ClaimWithClock:
    """Papers seen later; when nothing is missing any more, the claim is decided. 409 when it is decided already."""
    papers = [paper.key for paper in draft.evidence]
    claim, clock = await claims.add_evidence(tx, id, papers=papers, on=draft.on)
    return ClaimWithClock.of(claim, clock)
