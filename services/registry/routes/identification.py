"""The door to identification: the register counted at the end of any quarter, and judged by another one when somebody says so."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.identity import Caller
from libs.common.masks import mask_name
from libs.common.privacy import Vault
from libs.common.small_numbers import EXACT
from libs.common.values import Day
from services.registry.operations import identification
from services.registry.operations.sealing import open_field
from services.registry.rules.runs import Difference, Rejudged
from services.registry.schemas.identification import IdentificationShown
from services.registry.schemas.runs import DifferenceShown, NewRun, RejudgedShown, RunShown, TownshipChangeShown
from services.registry.store import identification as store

router = APIRouter(prefix="/registry/v1", tags=["identification"])
# People of a difference that an answer names.
_SHOWN = 200
QuarterEnd = Annotated[
    Day | None,
    Query(
        description="The end of a quarter; the day by which the register is judged when left out",
        examples=["2016-12-31"],
    ),
]


@router.get("/identification", summary="精准识别 Who is a labourer, and why others are not")
async def show_identification(
    caller: Annotated[Caller, allow("registry.identification.count")], tx: Reading, as_of: QuarterEnd = None
) -> IdentificationShown:
    """Counts by township and by reason, by the rule of the end of a quarter, whatever day the files held on.

    To a role without `exact` counts of 1 to 4 are `<5` and others are to the nearest five (`rounded_to`).
    """
    counted = await identification.count_identified(tx, as_of)
    return IdentificationShown.exactly(counted) if EXACT in caller.fields else IdentificationShown.told(counted)


@router.post("/identification/runs", summary="重新认定 Judge everybody by another quarter")
async def run_identification(
    caller: Annotated[Caller, allow("registry.identification.run")], tx: Tx, body: NewRun
) -> DifferenceShown:
    """Shows who would be judged otherwise, by township and person; with `confirm` that very difference counts from now on.

    Lists, pages, the table and the figures from that day on follow, and so does matching.
    """
    if body.confirm is None:
        found, counted = await identification.compare_verdicts(tx, body.day), None
    else:
        found, run = await identification.count_run(tx, caller, body.day, body.confirm)
        counted = run.id
    return _difference(found, counted, tx.node.vault)


@router.get("/identification/runs", summary="认定记录 Runs that were counted")
async def list_runs(
    caller: Annotated[Caller, allow("registry.identification.list_runs")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
) -> Page[RunShown]:
    """In their order; by the last one everybody is judged. The first was set by whoever brought the first people in."""
    found = await store.list_runs(tx, after=after_id(after, RunShown), limit=limit + 1)
    return page_of([RunShown.model_validate(each) for each in found], limit, lambda each: each.id)


def _difference(found: Difference, counted: UUID | None, vault: Vault) -> DifferenceShown:
    return DifferenceShown(
        day=found.wanted.day,
        rule=found.wanted.rule,
        standing_day=found.standing.day if found.standing else None,
        standing_rule=found.standing.rule if found.standing else None,
        changed=len(found.shown),
        townships=[TownshipChangeShown.model_validate(each) for each in found.townships],
        people=[_rejudged(each, vault) for each in found.shown[:_SHOWN]],
        digest=found.digest,
        counted=counted,
    )


def _rejudged(one: Rejudged, vault: Vault) -> RejudgedShown:
    told = {name: value for name, value in vars(one).items() if name not in ("name_sealed", "left")}
    return RejudgedShown(**told, name=mask_name(open_field(vault, "person.name", one.name_sealed)))
