"""The door to leads: noted, listed, shown, dropped; a vacancy that names one is what became of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import (
    After,
    Idempotency,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.database import new_id
from libs.common.identity import Caller
from services.jobs.operations import leads
from services.jobs.rules.leads import Lead, LeadSource, LeadState
from services.jobs.schemas.leads import LeadDrop, LeadNew, LeadShown
from services.jobs.schemas.list_sheets import LEADS
from services.jobs.store import leads as store

router = APIRouter(prefix="/jobs/v1/leads", tags=["leads"])


@router.get("", summary="线索清单 List leads")
async def list_leads(
    caller: Annotated[Caller, allow("jobs.lead.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[LeadState | None, Query(description="open ones have to be followed")] = None,
    source: Annotated[LeadSource | None, Query(description="from what kind of source")] = None,
) -> Page[LeadShown]:
    """Posts heard of, in the order of entry."""
    rows = await store.list_leads(tx, state=state, source=source, after=after_id(after, LeadShown), limit=limit)
    return page_of([LeadShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_leads, LEADS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/leads/{id}"), summary="登记线索 Note a lead")
async def note_lead(
    caller: Annotated[Caller, allow("jobs.lead.create")], tx: Tx, once: Idempotency, body: LeadNew, response: Response
) -> LeadShown:
    """A post heard of; it is offered to nobody until it is a vacancy that was vetted."""

    async def create() -> LeadShown:
        facts = body.model_dump(exclude={"heard_on", "city"})
        city, heard_on = body.city or tx.node.code, body.heard_on or tx.node.today()
        made = Lead(**facts, id=new_id(), city=city, heard_on=heard_on, noted_by=caller.subject)
        return _show(await leads.note_lead(tx, made), response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{lead}", summary="查看线索 One lead")
async def show_lead(
    caller: Annotated[Caller, allow("jobs.lead.show")], tx: Reading, lead: UUID, response: Response
) -> LeadShown:
    """What was heard, and what has become of it."""
    return _show(await store.get_lead(tx, lead), response)


@router.post("/{lead}/drop", summary="放弃线索 Drop a lead")
async def drop_lead(
    caller: Annotated[Caller, allow("jobs.lead.drop")], tx: Tx, lead: UUID, body: LeadDrop, response: Response
) -> LeadShown:
    """Nothing came of it, and why. One that has become a vacancy is withdrawn as such."""
    return _show(await leads.drop_lead(tx, lead, reason=body.reason, on=body.on or tx.node.today()), response)


def _show(lead: Lead, response: Response) -> LeadShown:
    response.headers["ETag"] = etag(lead.version)
    return LeadShown.model_validate(lead)
