"""The door to training places at a county (培训名额): courses that are open to its people, applications with consent, withdrawn."""

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
from libs.common.values import Asked, Division, Flag, Label
from services.registry.operations import applications
from services.registry.rules.applications import ApplicationsAsked, ApplicationState
from services.registry.rules.facts import education_step
from services.registry.rules.heard_courses import CoursesAsked, CoursesFor, HeardKind
from services.registry.schemas.applications import (
    ApplicationNew,
    ApplicationShown,
    ApplicationWithdrawal,
    OfferedCourse,
)
from services.registry.schemas.list_sheets import APPLICATIONS, OFFERED_COURSES
from services.registry.store import applications as store
from services.registry.store import courses, people

router = APIRouter(prefix="/registry/v1", tags=["training"])


@router.get("/courses", summary="培训班 List courses of all cities")
async def list_courses(
    caller: Annotated[Caller, allow("registry.course.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    open: Annotated[Asked[Flag], Query(description="those alone that take applications today")] = False,
    city: Annotated[Division | None, Query(description="of one city")] = None,
    kind: Annotated[HeardKind | None, Query(description="订单班 or free")] = None,
    person: Annotated[UUID | None, Query(description="whose conditions this person meets")] = None,
) -> Page[OfferedCourse]:
    """As their cities announced them last."""
    today = tx.node.today()
    fits = await _fits(tx, person) if person else None
    asked = CoursesAsked(city=city, kind=kind, open_on=today if open else None, fits=fits)
    found = await courses.list_courses(tx, asked, after=after_id(after, OfferedCourse), limit=limit)
    return page_of([OfferedCourse.model_validate(each) for each in found], limit, lambda each: each.id)


export_list(router, "/courses.xlsx", list_courses, OFFERED_COURSES)


@router.get("/courses/{course}", summary="一个培训班 One course")
async def show_course(
    caller: Annotated[Caller, allow("registry.course.show")], tx: Reading, course: UUID
) -> OfferedCourse:
    """As its city announced it last."""
    return OfferedCourse.model_validate(await courses.get_course(tx, course))


@router.get("/applications", summary="报名清单 List applications for training places")
async def list_applications(
    caller: Annotated[Caller, allow("registry.application.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    person: Annotated[UUID | None, Query(description="of one person")] = None,
    course: Annotated[UUID | None, Query(description="for one course")] = None,
    state: Annotated[ApplicationState | None, Query(description="as it stands")] = None,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
) -> Page[ApplicationShown]:
    """Of people within the caller's reach."""
    asked = ApplicationsAsked(person=person, course=course, state=state, township=township)
    found = await store.list_applications(tx, asked, after=after_id(after, ApplicationShown), limit=limit)
    return page_of([ApplicationShown.model_validate(each) for each in found], limit, lambda each: each.id)


export_list(router, "/applications.xlsx", list_applications, APPLICATIONS)


@router.post(
    "/applications",
    status_code=201,
    responses=made_at("/registry/v1/applications/{id}"),
    summary="报名 Apply for a training place",
)
async def apply(
    caller: Annotated[Caller, allow("registry.application.create")],
    tx: Tx,
    once: Idempotency,
    body: ApplicationNew,
    response: Response,
) -> ApplicationShown:
    """The city hears an id, age, schooling and what the person cannot do; name and number with the card alone, once there is a place."""

    async def create() -> ApplicationShown:
        on = body.on or tx.node.today()
        consent_on = body.consent_on or on
        given = {"consent": body.consent, "consent_on": consent_on, "consented_by": body.consented_by}
        made = await applications.apply(tx, caller, body.person, body.course, **given, on=on)
        return await _show(tx, made, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/applications/{application}", summary="一份报名 One application")
async def show_application(
    caller: Annotated[Caller, allow("registry.application.show")], tx: Reading, application: UUID, response: Response
) -> ApplicationShown:
    """404 for whoever may not see the person."""
    return await _show(tx, application, response)


@router.post("/applications/{application}/withdraw", summary="撤回报名 Withdraw an application and its consent")
async def withdraw(
    caller: Annotated[Caller, allow("registry.application.withdraw")],
    tx: Tx,
    application: UUID,
    body: ApplicationWithdrawal,
    response: Response,
) -> ApplicationShown:
    """The place is free and the city erases the card; whoever has completed the course has done so all the same."""
    await applications.withdraw(tx, application, body.reason, body.on or tx.node.today())
    return await _show(tx, application, response)


async def _fits(tx: Transaction, person: UUID) -> CoursesFor:
    found = await people.get_person(tx, person)
    cannot = list((found.facts or {}).get("restrictions") or [])
    return CoursesFor(found.birth_date, education_step(found.education), cannot)


async def _show(tx: Transaction, application: UUID, response: Response) -> ApplicationShown:
    found = await store.get_application(tx, application)
    response.headers["ETag"] = etag(found.version)
    return ApplicationShown.model_validate(found)
