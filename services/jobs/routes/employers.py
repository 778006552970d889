"""The door to employers: listed and shown; contact and phone to officers alone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import After, Limit, Page, Reading, after_id, allow, etag, page_of
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Asked, Flag
from services.jobs.rules.employers import Employer
from services.jobs.schemas.employers import EmployerShown
from services.jobs.schemas.list_sheets import EMPLOYERS
from services.jobs.store import employers as store

router = APIRouter(prefix="/jobs/v1")


@router.get("/employers", tags=["employers"], summary="企业名单 List employers")
async def list_employers(
    caller: Annotated[Caller, allow("jobs.employer.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    designated: Annotated[Asked[Flag] | None, Query(description="定点接收单位 only, or all others")] = None,
) -> Page[EmployerShown]:
    """Employers of the caller's regions in the order of entry."""
    rows = await store.list_employers(tx, designated=designated, after=after_id(after, EmployerShown), limit=limit)
    return page_of([_show_employer(tx, caller, row) for row in rows], limit, lambda shown: shown.id)


export_list(router, "/employers.xlsx", list_employers, EMPLOYERS, tag="employers")


@router.get("/employers/{employer}", tags=["employers"], summary="查看企业 One employer")
async def show_employer(
    caller: Annotated[Caller, allow("jobs.employer.show")], tx: Reading, employer: UUID, response: Response
) -> EmployerShown:
    """An employer; contact and phone for officers only."""
    row = await store.get_employer(tx, employer)
    response.headers["ETag"] = etag(row.version)
    return _show_employer(tx, caller, row)


def _show_employer(tx: Transaction, caller: Caller, employer: Employer) -> EmployerShown:
    shown = EmployerShown.model_validate({**vars(employer), "contact": None, "phone": None})
    if "contact" not in caller.fields:
        return shown
    vault = tx.node.vault
    contact = vault.decrypt(employer.contact, context="jobs.employer.contact") if employer.contact else None
    phone = vault.decrypt(employer.phone, context="jobs.employer.phone") if employer.phone else None
    return shown.model_copy(update={"contact": contact, "phone": phone})
