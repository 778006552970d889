"""The door to identification: the register judged at the end of any quarter."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from libs.common.api import Reading, allow
from libs.common.identity import Caller
from libs.common.values import Day
from services.registry.operations import identification
from services.registry.rules.counting import last_quarter_end
from services.registry.schemas import IdentificationShown, TownshipShown

router = APIRouter(prefix="/registry/v1", tags=["identification"])
QuarterEnd = Annotated[Day | None, Query(description="The end of a quarter; the last one when left out", examples=["2016-12-31"])]


@router.get("/identification", summary="精准识别 Who is a labourer, and why others are not")
async def show_identification(_: Annotated[Caller, allow("registry.identification.count")], tx: Reading, as_of: QuarterEnd = None) -> IdentificationShown:
    """Counts by township and by reason, by rule v1 at the end of a quarter, whatever day the files held on.

    Where the table gives counts alone, they are rounded to five (`rounded_to`).
    """
    counted = await identification.count_identified(tx, as_of or last_quarter_end(tx.home.today()))
    townships = [
        TownshipShown(township=name, people=each.people, labourers=each.labourers)
        for name, each in sorted(counted.townships.items())
    ]
    return IdentificationShown(
        as_of=counted.as_of, rule=counted.rule, people=counted.people, labourers=counted.labourers,
        reasons=dict(sorted(counted.reasons.items())), townships=townships, rounded_to=counted.rounded_to,
    )  # fmt: skip
