"""The HTTP door of jobs."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response

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
from libs.common.api.uploads import File
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.imports.answers import REFUSED_ROWS, facts_of, refused_workbook
from libs.common.imports.model import ImportRecord, Sheet
from libs.common.values import Asked, Day, Division, Flag, OccupationGroup, Uscc
from services.jobs import schemas
from services.jobs.operations import vacancies
from services.jobs.operations.imports import IMPORTS
from services.jobs.rules.employers import Employer
from services.jobs.rules.vacancies import Vacancy
from services.jobs.schemas import Yuan
from services.jobs.store import employers as employer_store
from services.jobs.store import vacancies as vacancy_store
from services.jobs.store.vacancies import Wanted

router = APIRouter(prefix="/jobs/v1")
ROUTERS = (router,)

City = Annotated[Division | None, Form(description="Division code; this node's own when left out")]


@router.post(
    "/imports",
    status_code=201,
    responses=made_at("/jobs/v1/imports/{id}"),
    tags=["imports"],
    summary="导入企业名单或岗位表 Import an employer list or a vacancy sheet",
)
async def import_sheet(
    caller: Annotated[Caller, allow("jobs.import.create")],
    file: File,
    tx: Tx,
    once: Idempotency,
    kind: Annotated[Literal["employers", "vacancies"], Form(description="Which sheet it is")],
    city: City = None,
    as_of: Annotated[Day | None, Form(description="The day on which the sheet holds; today when left out")] = None,
) -> schemas.ImportShown:
    """Good rows go in, refused ones can be fetched with their reasons; vetted vacancies are announced at once.

    A sheet imported again changes nothing: its rows are counted as `known`.
    """
    sheet = Sheet(kind, file.content, file.filename, city or tx.node.code, as_of)
    tx.reach.check(sheet.region)
    read = await IMPORTS.read(sheet)

    async def create() -> schemas.ImportShown:
        return _show_import(await IMPORTS.write(tx, caller, sheet, read))

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/imports/{number}", tags=["imports"], summary="查看一次导入 One import and its findings")
async def show_import(
    caller: Annotated[Caller, allow("jobs.import.show")], tx: Reading, number: UUID
) -> schemas.ImportShown:
    """What the sheet held, row by row what was found, and where the refused rows are."""
    return _show_import(await IMPORTS.get(tx, number))


@router.get(
    "/imports/{number}/refused.xlsx",
    tags=["imports"],
    summary="退回的行 The refused rows with reasons",
    response_class=Response,
    responses=REFUSED_ROWS,
)
async def show_refused(caller: Annotated[Caller, allow("jobs.import.refused")], tx: Tx, number: UUID) -> Response:
    """An xlsx with the refused rows as they came and the reason in the last column; it says on a sheet of its own who took it."""
    workbook, mark = await IMPORTS.take_refused(tx, caller, number)
    return refused_workbook(workbook, mark, number)


@router.get("/vacancies", tags=["vacancies"], summary="岗位清单 List vacancies")
async def list_vacancies(
    caller: Annotated[Caller, allow("jobs.vacancy.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[schemas.State | None, Query(description="vetted is what is offered")] = None,
    occupation: Annotated[OccupationGroup | None, Query(description="occupation group, 6-25")] = None,
    wage_from: Annotated[Asked[Yuan] | None, Query(description="yuan a month; leaves out what states no wage")] = None,
    reserved: Annotated[
        Asked[Flag] | None, Query(description="with openings reserved for a group (爱心帮扶岗位)")
    ] = None,
    employer: Annotated[Uscc | None, Query(description="credit code of the employer")] = None,
) -> Page[schemas.VacancyShown]:
    """Vacancies of the caller's regions in the order of entry; an employer sees its own."""
    wanted = Wanted(state, occupation, wage_from, reserved, employer)
    rows = await vacancy_store.list_vacancies(tx, wanted, after=after_id(after, schemas.VacancyShown), limit=limit)
    return page_of([schemas.VacancyShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


@router.post(
    "/vacancies",
    status_code=201,
    responses=made_at("/jobs/v1/vacancies/{id}"),
    tags=["vacancies"],
    summary="登记岗位 Enter a vacancy",
)
async def create_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.create")],
    tx: Tx,
    once: Idempotency,
    body: schemas.VacancyNew,
    response: Response,
) -> schemas.VacancyShown:
    """An officer's vacancy is vetted by rule at once; an employer's own waits for an officer (`pending`)."""

    async def create() -> schemas.VacancyShown:
        city, on = body.city or tx.node.code, body.on or tx.node.today()
        entered = await vacancies.create_vacancy(
            tx, caller, body.employer_uscc, body.terms(), city=city, starts_by=body.starts_by, on=on
        )
        return _show_vacancy(entered, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/vacancies/{vacancy}", tags=["vacancies"], summary="查看岗位 One vacancy")
async def show_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.show")], tx: Reading, vacancy: UUID, response: Response
) -> schemas.VacancyShown:
    """A vacancy with its state, the reasons of vetting, and the ETag that a change needs."""
    return _show_vacancy(await vacancy_store.get_vacancy(tx, vacancy), response)


@router.patch("/vacancies/{vacancy}", tags=["vacancies"], summary="补充岗位 Add what the sheet lacks")
async def change_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.change")],
    tx: Tx,
    vacancy: UUID,
    body: schemas.VacancyChange,
    version: IfMatch,
    response: Response,
) -> schemas.VacancyShown:
    """Occupation group, latest start, demands, accommodations and other terms. A vetted vacancy is announced again."""
    on = body.on or tx.node.today()
    return _show_vacancy(await vacancies.change_vacancy(tx, vacancy, body.change, version=version, on=on), response)


@router.post("/vacancies/{vacancy}/vet", tags=["vacancies"], summary="审核岗位 Decide on a vacancy")
async def vet_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.vet")],
    tx: Tx,
    vacancy: UUID,
    body: schemas.Decision,
    response: Response,
) -> schemas.VacancyShown:
    """Pass or refuse, with reasons. Passing announces the vacancy; refusing an announced one withdraws it."""
    on = body.on or tx.node.today()
    passed = body.decision == "pass"
    return _show_vacancy(
        await vacancies.vet_vacancy(tx, caller, vacancy, passed=passed, reasons=body.reasons, on=on), response
    )


@router.post("/vacancies/{vacancy}/withdraw", tags=["vacancies"], summary="撤下岗位 Withdraw a vacancy")
async def withdraw_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.withdraw")],
    tx: Tx,
    vacancy: UUID,
    body: schemas.Withdrawal,
    response: Response,
) -> schemas.VacancyShown:
    """No longer offered from that day; who is hired stays hired."""
    on = body.on or tx.node.today()
    return _show_vacancy(await vacancies.withdraw_vacancy(tx, vacancy, reason=body.reason, on=on), response)


@router.get("/employers", tags=["employers"], summary="企业名单 List employers")
async def list_employers(
    caller: Annotated[Caller, allow("jobs.employer.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    designated: Annotated[Asked[Flag] | None, Query(description="定点接收单位 only, or all others")] = None,
) -> Page[schemas.EmployerShown]:
    """Employers of the caller's regions in the order of entry."""
    rows = await employer_store.list_employers(
        tx, designated=designated, after=after_id(after, schemas.EmployerShown), limit=limit
    )
    return page_of([_show_employer(tx, caller, row) for row in rows], limit, lambda shown: shown.id)


@router.get("/employers/{employer}", tags=["employers"], summary="查看企业 One employer")
async def show_employer(
    caller: Annotated[Caller, allow("jobs.employer.show")], tx: Reading, employer: UUID, response: Response
) -> schemas.EmployerShown:
    """An employer; contact and phone for officers only."""
    row = await employer_store.get_employer(tx, employer)
    response.headers["ETag"] = etag(row.version)
    return _show_employer(tx, caller, row)


def _show_import(record: ImportRecord) -> schemas.ImportShown:
    return schemas.ImportShown.model_validate({**facts_of(record, "jobs"), "city": record.region})


def _show_vacancy(vacancy: Vacancy, response: Response) -> schemas.VacancyShown:
    response.headers["ETag"] = etag(vacancy.version)
    return schemas.VacancyShown.model_validate(vacancy)


def _show_employer(tx: Transaction, caller: Caller, employer: Employer) -> schemas.EmployerShown:
    shown = schemas.EmployerShown.model_validate({**vars(employer), "contact": None, "phone": None})
    if "contact" not in caller.fields:
        return shown
    vault = tx.node.vault
    contact = vault.decrypt(employer.contact, context="jobs.employer.contact") if employer.contact else None
    phone = vault.decrypt(employer.phone, context="jobs.employer.phone") if employer.phone else None
    return shown.model_copy(update={"contact": contact, "phone": phone})
