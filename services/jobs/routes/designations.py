"""The door to designations: listed with promised and counted intake, shown, made, ended."""

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
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Asked, Flag, Uscc
from services.jobs.operations import designations
from services.jobs.rules.designations import DesignationKind, DesignationsWanted
from services.jobs.schemas.designations import DesignationEnd, DesignationNew, DesignationShown
from services.jobs.schemas.list_sheets import DESIGNATIONS
from services.jobs.store import designations as store

router = APIRouter(prefix="/jobs/v1/designations", tags=["designations"])


@router.get("", summary="认定清单 List designations")
async def list_designations(
    caller: Annotated[Caller, allow("jobs.designation.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    kind: Annotated[DesignationKind | None, Query(description="定点接收单位 or 就业扶贫基地")] = None,
    running: Annotated[Asked[Flag] | None, Query(description="those that hold, or those that have ended")] = None,
    employer: Annotated[Uscc | None, Query(description="credit code of the firm")] = None,
) -> Page[DesignationShown]:
    """With what was promised and how many were taken in; a firm sees its own."""
    wanted = DesignationsWanted(kind=kind, running=running, employer_uscc=employer)
    rows = await store.list_designations(tx, wanted, after=after_id(after, DesignationShown), limit=limit)
    return page_of([DesignationShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_designations, DESIGNATIONS)


@router.post("", status_code=201, responses=made_at("/jobs/v1/designations/{id}"), summary="认定 Designate a firm")
async def designate(
    caller: Annotated[Caller, allow("jobs.designation.create")],
    tx: Tx,
    once: Idempotency,
    body: DesignationNew,
    response: Response,
) -> DesignationShown:
    """From when to when, by whom, for how many. 409 while one of the same kind holds."""

    async def create() -> DesignationShown:
        facts = body.model_dump(exclude={"employer_uscc", "kind", "city"})
        city = body.city or tx.node.code
        made = await designations.designate(tx, caller, body.employer_uscc, body.kind, **facts, city=city)
        return await _show(tx, made, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{designation}", summary="查看认定 One designation")
async def show_designation(
    caller: Annotated[Caller, allow("jobs.designation.show")], tx: Reading, designation: UUID, response: Response
) -> DesignationShown:
    """One designation beside its intake."""
    return await _show(tx, designation, response)


@router.post("/{designation}/end", summary="结束认定 End a designation before its last day")
async def end_designation(
    caller: Annotated[Caller, allow("jobs.designation.end")],
    tx: Tx,
    designation: UUID,
    body: DesignationEnd,
    response: Response,
) -> DesignationShown:
    """From that day on nobody more counts; by itself it ends with its last day."""
    await designations.end_designation(tx, caller, designation, reason=body.reason, on=body.on or tx.node.today())
    return await _show(tx, designation, response)


async def _show(tx: Transaction, designation: UUID, response: Response) -> DesignationShown:
    found = await store.get_designation(tx, designation)
    response.headers["ETag"] = etag(found.version)
    return DesignationShown.model_validate(found)
