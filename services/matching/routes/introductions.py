"""Introductions over HTTP: both sides' lists, one with its history, an officer's own proposal, and what was not done in time."""

from __future__ import annotations

from typing import Annotated, Literal
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
from libs.common.identity import Caller
from libs.common.values import Asked, Day, Division, Flag
from services.matching.operations.introductions import consents, county, deadlines, queries
from services.matching.routes.introduction_answers import by, is_employer, shown
from services.matching.rules.introductions.steps import STATES
from services.matching.schemas.introduction_steps import ConsentRecord, Lapse, Lapsed, NewIntroduction
from services.matching.schemas.introductions import Introduction, IntroductionWithSteps
from services.matching.schemas.list_sheets import INTRODUCTIONS
from services.matching.store import introductions as store

router = APIRouter(prefix="/matching/v1/introductions", tags=["介绍上岗 introductions"])
State = Annotated[Literal[STATES] | None, Query(description="How far it is")]  # type: ignore[valid-type]


@router.get("", summary="介绍清单 List introductions")
async def list_introductions(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.introduction.list")],
    state: State = None,
    vacancy: UUID | None = None,
    city: Division | None = None,
    county: Division | None = None,
    run: UUID | None = None,
    person: UUID | None = None,
    fair: Annotated[UUID | None, Query(description="Signed at this fair")] = None,
    second_yes: Annotated[
        Asked[Flag] | None, Query(description="second agreements that wait for somebody to end one of the two")
    ] = None,
    due_before: Annotated[Day | None, Query(description="Open steps that were due before this day")] = None,
    warned: Annotated[
        Asked[Flag] | None, Query(description="Those of which this node has told that they end by themselves")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Introduction]:
    """Those of this node, by id: an employer sees its own vacancies', a cadre the own township's."""
    wanted = {
        "state": state,
        "vacancy": vacancy,
        "city": city,
        "county": county,
        "run": run,
        "person": person,
        "fair": fair,
    }
    rows = await store.list_introductions(
        tx,
        after=after_id(after, Introduction),
        limit=limit + 1,
        due_before=due_before,
        warned=warned,
        second_yes=bool(second_yes),
        **wanted,
    )
    return page_of(
        [Introduction.of(row, for_employer=is_employer(caller)) for row in rows], limit, lambda each: each.id
    )


export_list(router, ".xlsx", list_introductions, INTRODUCTIONS)


@router.post(
    "", status_code=201, responses=made_at("/matching/v1/introductions/{id}"), summary="推荐 An officer's own proposal"
)
async def propose_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.propose")],
    new: NewIntroduction,
    once: Idempotency,
    response: Response,
) -> Introduction:
    """Outside any run, so without a priority: it needs a person on the list and an opening that is left. Repeat with the same key."""

    async def create() -> Introduction:
        made = await county.propose_introduction(tx, new.person, new.vacancy, new.on or tx.node.today(), by(caller))
        return await shown(tx, caller, made.introduction, response)

    answer: Introduction = await answer_once(tx, once, create)
    return answer


@router.post("/lapse", summary="逾期处理 End what was not done in time")
async def lapse_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.lapse")], lapse: Lapse
) -> Lapsed:
    """Steps of this node that were due before a day end, and their openings are free again; each node lapses its own."""
    as_of = lapse.as_of or tx.node.today()
    return Lapsed(as_of=as_of, ended=await deadlines.lapse_introductions(tx, as_of, by(caller)))


@router.get("/{introduction}", summary="一条介绍 One introduction with its history")
async def get_introduction(
    tx: Reading, caller: Annotated[Caller, allow("matching.introduction.show")], introduction: UUID, response: Response
) -> IntroductionWithSteps:
    """All steps with their days, nodes and reasons; the ETag is the version that a step may be based on."""
    row, steps = await queries.get_introduction(tx, introduction)
    response.headers["ETag"] = etag(row.version)
    return IntroductionWithSteps.with_steps(row, steps, for_employer=is_employer(caller))


@router.get("/{introduction}/consent", summary="同意记录 The consent as it was recorded")
async def get_consent(
    tx: Reading, _: Annotated[Caller, allow("matching.introduction.consent")], introduction: UUID
) -> ConsentRecord:
    """For this node's own services alone: who recorded it, when, how, by which text, and for what. 404 where no officer recorded any."""
    consent, withdrawn_on = await consents.get_consent(tx, introduction)
    return ConsentRecord.model_validate({**vars(consent), "withdrawn_on": withdrawn_on})
