"""The door to what is decided on employers: vetting and appeal, two entries made one, the blacklist."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import Tx, allow
from libs.common.identity import Caller
from services.jobs.operations import blacklisting, employers, merging
from services.jobs.routes.employers import answer_with
from services.jobs.schemas.employers import (
    Appeal,
    Blacklisting,
    EmployerDecision,
    EmployerMerge,
    EmployerShown,
    Lifting,
)

router = APIRouter(prefix="/jobs/v1/employers/{employer}", tags=["employers"])


@router.post("/vet", summary="审核单位 Decide on an employer")
async def vet_employer(
    caller: Annotated[Caller, allow("jobs.employer.vet")],
    tx: Tx,
    employer: UUID,
    body: EmployerDecision,
    response: Response,
) -> EmployerShown:
    """Pass or refuse. Who is refused may appeal once, until the day that the answer names (`appeal_by`)."""
    decided = await employers.vet_employer(
        tx,
        caller,
        employer,
        passed=body.decision == "pass",
        reasons=body.reasons,
        contact_confirmed=body.contact_confirmed,
        on=body.on or tx.node.today(),
    )
    return answer_with(caller, tx, decided, response)


@router.post("/appeal", summary="申诉 Appeal against the decision on a firm")
async def appeal(
    caller: Annotated[Caller, allow("jobs.employer.appeal")], tx: Tx, employer: UUID, body: Appeal, response: Response
) -> EmployerShown:
    """By the firm, or by an officer to whom it has come on paper. Once, and until the day named with the decision; the firm waits for another look. 409 afterwards, with the day."""
    found = await employers.appeal(tx, caller, employer, body.words, body.on or tx.node.today())
    return answer_with(caller, tx, found, response)


@router.post("/merge", summary="合并单位 Make one of two entries of a firm")
async def merge_employers(
    caller: Annotated[Caller, allow("jobs.employer.merge")],
    tx: Tx,
    employer: UUID,
    body: EmployerMerge,
    response: Response,
) -> EmployerShown:
    """The entry as it is now. Vacancies and whatever other services keep of the one that goes hang on this one from now on."""
    on = body.on or tx.node.today()
    kept = await merging.merge_employers(tx, caller, employer, body.goes, reason=body.reason, on=on)
    return answer_with(caller, tx, kept, response)


@router.post("/blacklist", summary="列入失信名单 Blacklist an employer for a time")
async def blacklist_employer(
    caller: Annotated[Caller, allow("jobs.employer.blacklist")],
    tx: Tx,
    employer: UUID,
    body: Blacklisting,
    response: Response,
) -> EmployerShown:
    """Its vacancies leave the supply at once and come back by themselves on the day after the last one."""
    on = body.on or tx.node.today()
    listed = await blacklisting.blacklist_employer(tx, caller, employer, reason=body.reason, until=body.until, on=on)
    return answer_with(caller, tx, listed, response)


@router.post("/lift", summary="移出失信名单 Take an employer off the blacklist before its time")
async def lift_blacklisting(
    caller: Annotated[Caller, allow("jobs.employer.lift")], tx: Tx, employer: UUID, body: Lifting, response: Response
) -> EmployerShown:
    """Its vacancies are offered again at once."""
    on = body.on or tx.node.today()
    lifted = await blacklisting.lift_blacklisting(tx, caller, employer, reason=body.reason, on=on)
    return answer_with(caller, tx, lifted, response)
