"""The door to vacancies: listed, entered, changed, vetted, withdrawn."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.access.grants import check_also
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
from libs.common.calendar import add_days
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Asked, Flag, OccupationGroup, Uscc
from services.jobs.operations import vacancies
from services.jobs.operations.leads import close_lead
from services.jobs.rules.terms import REMINDED_DAYS
from services.jobs.rules.vacancies import Vacancy
from services.jobs.schemas.list_sheets import VACANCIES
from services.jobs.schemas.vacancies import (
    Decision,
    Paused,
    Renewal,
    State,
    VacancyChange,
    VacancyNew,
    VacancyShown,
    Withdrawal,
    Yuan,
)
from services.jobs.store import vacancies as store
from services.jobs.store.vacancies import Days, Wanted

router = APIRouter(prefix="/jobs/v1")


@router.get("/vacancies", tags=["vacancies"], summary="岗位清单 List vacancies")
async def list_vacancies(
    caller: Annotated[Caller, allow("jobs.vacancy.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[State | None, Query(description="vetted is what is offered")] = None,
    occupation: Annotated[OccupationGroup | None, Query(description="occupation group, 6-25")] = None,
    wage_from: Annotated[Asked[Yuan] | None, Query(description="yuan a month; leaves out what states no wage")] = None,
    reserved: Annotated[
        Asked[Flag] | None, Query(description="with openings reserved for a group (爱心帮扶岗位)")
    ] = None,
    employer: Annotated[Uscc | None, Query(description="credit code of the employer")] = None,
    paused: Annotated[Paused | None, Query(description="vetted ones that are not offered for now, and why")] = None,
    expiring: Annotated[Asked[Flag], Query(description="offered ones whose last day is within a week")] = False,
) -> Page[VacancyShown]:
    """Vacancies of the caller's regions in the order of entry; an employer sees its own."""
    wanted = Wanted(state, occupation, wage_from, reserved, employer, paused, _soon(tx) if expiring else None)
    rows = await store.list_vacancies(tx, wanted, after=after_id(after, VacancyShown), limit=limit)
    return page_of([VacancyShown.model_validate(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, "/vacancies.xlsx", list_vacancies, VACANCIES, tag="vacancies")


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
    body: VacancyNew,
    response: Response,
) -> VacancyShown:
    """An officer's vacancy is vetted by rule at once; an employer's own waits for an officer (`pending`)."""

    async def create() -> VacancyShown:
        city, on = body.city or tx.node.code, body.on or tx.node.today()
        entered = await vacancies.create_vacancy(
            tx,
            caller,
            body.employer_uscc,
            body.terms(),
            city=city,
            starts_by=body.starts_by,
            valid_until=body.valid_until,
            on=on,
        )
        if body.lead is not None:
            check_also(caller, "jobs.lead.drop")
            await close_lead(tx, body.lead, entered, on)
        return _show_vacancy(entered, response)

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/vacancies/{vacancy}", tags=["vacancies"], summary="查看岗位 One vacancy")
async def show_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.show")], tx: Reading, vacancy: UUID, response: Response
) -> VacancyShown:
    """A vacancy with its state, the reasons of vetting, and the ETag that a change needs."""
    return _show_vacancy(await store.get_vacancy(tx, vacancy), response)


@router.patch("/vacancies/{vacancy}", tags=["vacancies"], summary="更正岗位 Correct a vacancy")
async def change_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.change")],
    tx: Tx,
    vacancy: UUID,
    body: VacancyChange,
    version: IfMatch,
    response: Response,
) -> VacancyShown:
    """What the sheet lacked or got wrong; a vetted vacancy is announced again. Openings may rise and fall, but not below those who hold
    a place; words that vetting refuses are refused here, too."""
    on = body.on or tx.node.today()
    return _show_vacancy(await vacancies.change_vacancy(tx, vacancy, body.change, version=version, on=on), response)


@router.post("/vacancies/{vacancy}/vet", tags=["vacancies"], summary="审核岗位 Decide on a vacancy")
async def vet_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.vet")], tx: Tx, vacancy: UUID, body: Decision, response: Response
) -> VacancyShown:
    """Pass or refuse, with reasons. Passing announces the vacancy; refusing an announced one withdraws it."""
    on = body.on or tx.node.today()
    passed = body.decision == "pass"
    return _show_vacancy(
        await vacancies.vet_vacancy(tx, caller, vacancy, passed=passed, reasons=body.reasons, on=on), response
    )


@router.post("/vacancies/{vacancy}/renew", tags=["vacancies"], summary="续期 Offer a vacancy for another while")
async def renew_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.renew")], tx: Tx, vacancy: UUID, body: Renewal, response: Response
) -> VacancyShown:
    """Through the day that is said, or for 90 days; one that has expired is offered again at once."""
    on = body.on or tx.node.today()
    return _show_vacancy(await vacancies.renew_vacancy(tx, vacancy, until=body.valid_until, on=on), response)


@router.post("/vacancies/{vacancy}/withdraw", tags=["vacancies"], summary="撤下岗位 Withdraw a vacancy")
async def withdraw_vacancy(
    caller: Annotated[Caller, allow("jobs.vacancy.withdraw")],
    tx: Tx,
    vacancy: UUID,
    body: Withdrawal,
    response: Response,
) -> VacancyShown:
    """No longer offered from that day; who is hired stays hired."""
    on = body.on or tx.node.today()
    return _show_vacancy(await vacancies.withdraw_vacancy(tx, vacancy, reason=body.reason, on=on), response)


def _soon(tx: Transaction) -> Days:
    """Whose firm has to be asked whether the places are still there."""
    return tx.node.today(), add_days(tx.node.today(), REMINDED_DAYS)


def _show_vacancy(vacancy: Vacancy, response: Response) -> VacancyShown:
    response.headers["ETag"] = etag(vacancy.version)
    return VacancyShown.model_validate(vacancy)
