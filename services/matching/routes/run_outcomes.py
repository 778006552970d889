"""What a run came to over HTTP: people and why at a county, vacancies at a city, and what a city may allot."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.values import Asked, Flag
from services.matching.operations.runs import outcomes
from services.matching.schemas.list_sheets import PEOPLE_IN_RUN, VACANCIES_IN_RUN
from services.matching.schemas.run_outcomes import AllottableShown, PersonInRunShown, VacancyInRunShown

router = APIRouter(prefix="/matching/v1/runs/{run}", tags=["匹配轮次 runs"])


@router.get("/people", summary="本县人员 This county's people in a run, placed or not and why")
async def list_people_in_run(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.run.people")],
    run: UUID,
    placed: Annotated[Asked[Flag] | None, Query(description="whom the run gave a place, or none")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[PersonInRunShown]:
    """At a county of the run, by id; a cadre sees the own townships'. Why somebody has no place is one sentence."""
    rows = await outcomes.list_people(tx, run, placed=placed, after=after_id(after, PersonInRunShown), limit=limit + 1)
    return page_of([PersonInRunShown.of(row) for row in rows], limit, lambda each: each.person)


export_list(router, "/people.xlsx", list_people_in_run, PEOPLE_IN_RUN)


@router.get("/vacancies", summary="本市岗位 This city's vacancies in a run")
async def list_vacancies_in_run(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.run.vacancies")],
    run: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[VacancyInRunShown]:
    """At a city of the run, by id: what was allotted, what is held, and the points that it took."""
    rows = await outcomes.list_vacancies(tx, run, after=after_id(after, VacancyInRunShown), limit=limit + 1)
    return page_of([VacancyInRunShown.model_validate(row) for row in rows], limit, lambda each: each.vacancy)


export_list(router, "/vacancies.xlsx", list_vacancies_in_run, VACANCIES_IN_RUN)


@router.get("/allotments", summary="可分配名额 What this city may give to a run")
async def list_allottable(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.run.allot")],
    run: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[AllottableShown]:
    """At a city that has not allotted yet: its vacancies with openings left, those abroad apart. 409 afterwards."""
    rows = await outcomes.list_allottable(tx, run, after=after_id(after, AllottableShown), limit=limit + 1)
    return page_of([AllottableShown.model_validate(row) for row in rows], limit, lambda each: each.vacancy)
