"""The door to identification: the register judged at the end of any quarter."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from libs.common.api import Reading, allow
from libs.common.calendar import last_quarter_end
from libs.common.identity import Caller
from libs.common.small_numbers import EXACT
from libs.common.values import Day
from services.registry.operations import identification
from services.registry.schemas.identification import IdentificationShown

router = APIRouter(prefix="/registry/v1", tags=["identification"])
QuarterEnd = Annotated[
    Day | None, Query(description="The end of a quarter; the last one when left out", examples=["2016-12-31"])
]


@router.get("/identification", summary="精准识别 Who is a labourer, and why others are not")
async def show_identification(
    caller: Annotated[Caller, allow("registry.identification.count")], tx: Reading, as_of: QuarterEnd = None
) -> IdentificationShown:
    """Counts by township and by reason, by rule v1 at the end of a quarter, whatever day the files held on.

    To a role without `exact` counts of 1 to 4 are `<5` and others are to the nearest five (`rounded_to`).
    """
    counted = await identification.count_identified(tx, as_of or last_quarter_end(tx.node.today()))
    return IdentificationShown.exactly(counted) if EXACT in caller.fields else IdentificationShown.told(counted)
