"""The door to applications for training places (报名): listed, admitted or put on the waiting list, refused, attendance, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, etag, page_of
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Division
from services.jobs.operations import admissions
from services.jobs.rules import admissions as rules
from services.jobs.rules.admissions import Admission, AdmissionState, AdmissionsWanted
from services.jobs.schemas.courses import AdmissionRefusal, AdmissionShown, Admit, Attendance, Completion, DropOut
from services.jobs.schemas.list_sheets import ADMISSIONS
from services.jobs.store import admissions as store

router = APIRouter(prefix="/jobs/v1/admissions", tags=["courses"])


@router.get("", summary="报名清单 List applications for training places")
async def list_admissions(
    caller: Annotated[Caller, allow("jobs.admission.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    course: Annotated[UUID | None, Query(description="of one course")] = None,
    state: Annotated[AdmissionState | None, Query(description="applied ones wait for an answer")] = None,
    county: Annotated[Division | None, Query(description="of one home county")] = None,
) -> Page[AdmissionShown]:
    """By id, with what the conditions ask for; a firm or school sees those for its own courses, a station its own county's."""
    wanted = AdmissionsWanted(course=course, state=state, county=county)
    rows = await store.list_admissions(tx, wanted, after=after_id(after, AdmissionShown), limit=limit)
    return page_of([AdmissionShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_admissions, ADMISSIONS)


@router.get("/{application}", summary="查看报名 One application")
async def show_admission(
    caller: Annotated[Caller, allow("jobs.admission.show")], tx: Reading, application: UUID, response: Response
) -> AdmissionShown:
    """One application."""
    return await _show(tx, application, response)


@router.post("/{application}/admit", summary="录取 Admit, or put on the waiting list")
async def admit(
    caller: Annotated[Caller, allow("jobs.admission.admit")], tx: Tx, application: UUID, body: Admit, response: Response
) -> AdmissionShown:
    """`admitted` where a place is left, else `waiting`: whoever waits first moves up when a place comes free."""
    await admissions.admit(tx, application, body.on or tx.node.today())
    return await _show(tx, application, response)


@router.post("/{application}/refuse", summary="不录取 Refuse an application")
async def refuse(
    caller: Annotated[Caller, allow("jobs.admission.refuse")],
    tx: Tx,
    application: UUID,
    body: AdmissionRefusal,
    response: Response,
) -> AdmissionShown:
    """With a reason of the list; the home county hears it."""

    def step(before: Admission, on: date) -> Admission:
        return rules.refused(before, body.reason, on)

    return await _take(tx, application, step, body.on, response)


@router.post("/{application}/drop", summary="退学 Somebody drops out")
async def drop_out(
    caller: Annotated[Caller, allow("jobs.admission.drop")],
    tx: Tx,
    application: UUID,
    body: DropOut,
    response: Response,
) -> AdmissionShown:
    """The place is free, and whoever waits first has it."""

    def step(before: Admission, on: date) -> Admission:
        return rules.dropped(before, body.reason, on)

    return await _take(tx, application, step, body.on, response)


@router.post("/{application}/complete", summary="结业 Somebody completes the course")
async def complete(
    caller: Annotated[Caller, allow("jobs.admission.complete")],
    tx: Tx,
    application: UUID,
    body: Completion,
    response: Response,
) -> AdmissionShown:
    """With the certificate where there is one, which the home register takes over."""

    def step(before: Admission, on: date) -> Admission:
        return rules.completed(before, body.certificate_number, body.certificate_level, on)

    return await _take(tx, application, step, body.on, response)


@router.put("/{application}/attendance", summary="出勤 Days attended in all")
async def attend(
    caller: Annotated[Caller, allow("jobs.admission.attend")],
    tx: Tx,
    application: UUID,
    body: Attendance,
    response: Response,
) -> AdmissionShown:
    """Up to a day; no more than the course has had by then. Said again it is the same."""
    await admissions.attend(tx, application, body.days, body.on or tx.node.today())
    return await _show(tx, application, response)


async def _take(
    tx: Transaction,
    application: UUID,
    step: Callable[[Admission, date], Admission],
    on: date | None,
    response: Response,
) -> AdmissionShown:
    day = on or tx.node.today()
    await admissions.take_step(tx, application, lambda before: step(before, day), day)
    return await _show(tx, application, response)


async def _show(tx: Transaction, application: UUID, response: Response) -> AdmissionShown:
    found = await store.get_admission(tx, application)
    response.headers["ETag"] = etag(found.version)
    return AdmissionShown.model_validate(found)
