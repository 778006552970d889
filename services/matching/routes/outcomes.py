"""What became of introductions over HTTP (到岗情况): by firm or by run, for whoever may see the introductions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from services.matching.rules.introductions.outcomes import By
from services.matching.schemas.list_sheets import OUTCOMES
from services.matching.schemas.outcomes import OutcomeShown
from services.matching.store import outcomes as store

router = APIRouter(prefix="/matching/v1", tags=["介绍上岗 introductions"])


@router.get("/outcomes", summary="到岗情况 What became of introductions, by firm or by run")
async def list_outcomes(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.outcome.list")],
    by: Annotated[By, Query(description="Of each firm, or of each run")] = "employer",
    after: After = None,
    limit: Limit = 50,
) -> Page[OutcomeShown]:
    """Hired, come, not come, taken back by either side: as the introductions stand now, those of this node alone."""
    rows = await store.list_outcomes(tx, by, after=after_id(after, OutcomeShown), limit=limit + 1)
    return page_of([OutcomeShown.model_validate(row) for row in rows], limit, lambda each: each.key)


export_list(router, "/outcomes.xlsx", list_outcomes, OUTCOMES)
