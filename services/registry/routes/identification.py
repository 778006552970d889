"""The door to identification: the register judged on any day."""

from __future__ import annotations

from fastapi import APIRouter

from libs.common.api import Reading
from services.registry.operations import identification
from services.registry.routes.callers import AsOf, Reader
from services.registry.schemas import IdentificationShown, TownshipShown

router = APIRouter(prefix="/registry/v1", tags=["identification"])


@router.get("/identification", summary="精准识别 Who is a labourer, and why others are not")
async def show_identification(caller: Reader, tx: Reading, as_of: AsOf = None) -> IdentificationShown:
    """Counts by township and by reason, by rule v1 on that day, whatever day the files held on."""
    counted = await identification.count_identified(tx, caller, as_of or tx.home.today())
    townships = [
        TownshipShown(township=name, people=each.people, labourers=each.labourers)
        for name, each in sorted(counted.townships.items())
    ]
    return IdentificationShown(
        as_of=counted.as_of, rule=counted.rule, people=counted.people, labourers=counted.labourers,
        reasons=dict(sorted(counted.reasons.items())), townships=townships,
    )  # fmt: skip
