"""The door to courses (培训班): listed with places left, shown, entered, corrected, closed, withdrawn."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import (
    After,
    Idempotency,
    IfMatch,
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
from libs.common.values import Asked, Flag
from services.jobs.operations import courses
from services.jobs.rules.courses import CourseKind, CourseState, CoursesWanted
from services.jobs.schemas.courses import CourseChange, CourseEnd, CourseNew, CourseShown
from services.jobs.schemas.list_sheets import COURSES
from services.jobs.store import courses as store

router = APIRouter(prefix="/jobs/v1/courses", tags=["courses"])


@router.get("", summary="培训班清单 List courses")
async def list_courses(
    caller: Annotated[Caller, allow("jobs.course.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[CourseState | None, Query(description="open ones take applications")] = None,
    kind: Annotated[CourseKind | None, Query(description="订单班 or free")] = None,
    short: Annotated[
        Asked[Flag] | None, Query(description="订单班 with fewer openings behind them than places, or all others")
    ] = None,
) -> Page[CourseShown]:
    """In the order of entry, with whoever holds a place, waits or has asked; a firm or school sees its own."""
    wanted = CoursesWanted(state=state, kind=kind, short=short)
    rows = await store.list_courses(tx, wanted, after=after_id(after, CourseShown), limit=limit)
    return page_of([CourseShown.of(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, ".xlsx", list_courses, COURSES)


@router.post("", status_code=201, responses=made_at("/jobs/v1/courses/{id}"), summary="登记培训班 Enter a course")
async def enter_course(
    caller: Annotated[Caller, allow("jobs.course.create")],
    tx: Tx,
    once: Idempotency,
    body: CourseNew,
    response: Response,
) -> CourseShown:
    """Announced at once: counties apply for their people. A deposit is refused, a fee is told or 0."""

    async def create() -> CourseShown:
        made = await courses.enter_course(
            tx,
            caller,
            body.terms(),
            body.provider_uscc,
            name=body.provider_name,
            licence=body.licence,
            city=body.city or tx.node.code,
            on=body.on or tx.node.today(),
        )
        return await _show(tx, made, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/{course}", summary="查看培训班 One course")
async def show_course(
    caller: Annotated[Caller, allow("jobs.course.show")], tx: Reading, course: UUID, response: Response
) -> CourseShown:
    """With its numbers, and the ETag that a correction needs."""
    return await _show(tx, course, response)


@router.patch("/{course}", summary="更正培训班 Correct a course")
async def change_course(
    caller: Annotated[Caller, allow("jobs.course.change")],
    tx: Tx,
    course: UUID,
    body: CourseChange,
    version: IfMatch,
    response: Response,
) -> CourseShown:
    """Places fall no lower than who holds one; with more of them whoever waits moves up."""
    await courses.change_course(tx, course, body.change, version=version, on=body.on or tx.node.today())
    return await _show(tx, course, response)


@router.post("/{course}/close", summary="停止报名 Take no more applications")
async def close_course(
    caller: Annotated[Caller, allow("jobs.course.close")], tx: Tx, course: UUID, body: CourseEnd, response: Response
) -> CourseShown:
    """Whoever has applied is still answered, whoever has a place goes on."""
    await courses.close_course(tx, course, body.reason, body.on or tx.node.today())
    return await _show(tx, course, response)


@router.post("/{course}/withdraw", summary="撤销培训班 Withdraw a course")
async def withdraw_course(
    caller: Annotated[Caller, allow("jobs.course.withdraw")], tx: Tx, course: UUID, body: CourseEnd, response: Response
) -> CourseShown:
    """It does not take place: whoever has applied, waits or was admitted is told, and their counties are."""
    await courses.withdraw_course(tx, course, body.reason, body.on or tx.node.today())
    return await _show(tx, course, response)


async def _show(tx: Transaction, course: UUID, response: Response) -> CourseShown:
    found = await store.get_course(tx, course)
    response.headers["ETag"] = etag(found.version)
    return CourseShown.of(found)
