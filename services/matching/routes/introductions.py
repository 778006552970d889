"""Introductions over HTTP: the county's verbs, the city's verbs, and both sides' lists."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

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
    check_version,
    etag,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.api.preconditions import if_match
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.values import Day, Division, HeaderText
from services.matching.operations.introductions import city, consents, county, queries
from services.matching.rules.introductions.records import Introduction as Introduced
from services.matching.rules.introductions.steps import STATES
from services.matching.schemas.introductions import (
    Consent,
    ConsentRecord,
    Dated,
    Declined,
    Introduction,
    IntroductionWithSteps,
    Lapse,
    Lapsed,
    NewIntroduction,
    Rejected,
    Withdrawn,
)
from services.matching.schemas.list_sheets import INTRODUCTIONS
from services.matching.store import introductions as store

router = APIRouter(prefix="/matching/v1/introductions", tags=["介绍上岗 introductions"])
IfSame = Annotated[
    HeaderText | None, Header(alias="If-Match", description="Refuse the step when the introduction has changed since")
]
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
    due_before: Annotated[Day | None, Query(description="Open steps that were due before this day")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[Introduction]:
    """Those of this node, by id: an employer sees its own vacancies', a cadre the own township's."""
    wanted = {"state": state, "vacancy": vacancy, "city": city, "county": county, "run": run, "person": person}
    rows = await store.list_introductions(
        tx, after=after_id(after, Introduction), limit=limit + 1, due_before=due_before, **wanted
    )
    return page_of(
        [Introduction.of(row, for_employer=_is_employer(caller)) for row in rows], limit, lambda each: each.id
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
        made = await county.propose_introduction(tx, new.person, new.vacancy, new.on or tx.node.today(), _by(caller))
        return await _shown(tx, caller, made.introduction, response)

    answer: Introduction = await answer_once(tx, once, create)
    return answer


@router.post("/lapse", summary="逾期处理 End what was not done in time")
async def lapse_introductions(
    tx: Tx, caller: Annotated[Caller, allow("matching.introduction.lapse")], lapse: Lapse
) -> Lapsed:
    """Steps of this node that were due before a day end, and their openings are free again; each node lapses its own."""
    as_of = lapse.as_of or tx.node.today()
    return Lapsed(as_of=as_of, ended=await county.lapse_introductions(tx, as_of, _by(caller)))


@router.get("/{introduction}", summary="一条介绍 One introduction with its history")
async def get_introduction(
    tx: Reading, caller: Annotated[Caller, allow("matching.introduction.show")], introduction: UUID, response: Response
) -> IntroductionWithSteps:
    """All steps with their days, nodes and reasons; the ETag is the version that a step may be based on."""
    row, steps = await queries.get_introduction(tx, introduction)
    response.headers["ETag"] = etag(row.version)
    return IntroductionWithSteps.with_steps(row, steps, for_employer=_is_employer(caller))


@router.post("/{introduction}/offer", summary="通知本人 Offer the place to the person")
async def offer_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.offer")],
    introduction: UUID,
    body: Dated,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: held or proposed -> offered."""
    await _may(tx, introduction, same)
    step = county.offer_introduction(tx, introduction, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


@router.post("/{introduction}/agree", summary="本人同意 The person agrees, with consent")
async def agree_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.agree")],
    introduction: UUID,
    body: Consent,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: offered -> agreed. The registry seals the card to the city; the person's other open introductions become obsolete."""
    await _may(tx, introduction, same)
    step = county.agree_introduction(tx, introduction, body.consent, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


@router.get("/{introduction}/consent", summary="同意记录 The consent as it was recorded")
async def get_consent(
    tx: Reading, _: Annotated[Caller, allow("matching.introduction.consent")], introduction: UUID
) -> ConsentRecord:
    """For this node's own services alone: who recorded it, when, how, by which text, and for what. 404 where no officer recorded any."""
    consent, withdrawn_on = await consents.get_consent(tx, introduction)
    return ConsentRecord.model_validate({**vars(consent), "withdrawn_on": withdrawn_on})


@router.post("/{introduction}/withdraw-consent", summary="撤回同意 The person withdraws the consent")
async def withdraw_consent(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.withdraw_consent")],
    introduction: UUID,
    body: Withdrawn,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County, at any time after the consent: the city erases the card and confirms it, both nodes keep the fact. Before hiring the
    introduction ends and the opening is free; work that was found goes on without a name. Repeated, it answers the same."""
    await _may(tx, introduction, same)
    step = consents.withdraw_consent(tx, introduction, body.reason, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


@router.post("/{introduction}/decline", summary="本人不接受 The person says no")
async def decline_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.decline")],
    introduction: UUID,
    body: Declined,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """County: with a named reason; the opening is free, and in a run the next pass offers it."""
    await _may(tx, introduction, same)
    step = county.decline_introduction(tx, introduction, body.reason, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


@router.post("/{introduction}/hire", summary="录用 The employer hires")
async def hire_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.hire")],
    introduction: UUID,
    body: Dated,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: introduced -> hired, by an officer of the city or by the vacancy's own employer."""
    await _may(tx, introduction, same)
    step = city.hire_introduction(tx, introduction, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


@router.post("/{introduction}/reject", summary="不录用 The employer does not hire")
async def reject_introduction(
    tx: Tx,
    caller: Annotated[Caller, allow("matching.introduction.reject")],
    introduction: UUID,
    body: Rejected,
    response: Response,
    same: IfSame = None,
) -> Introduction:
    """City: introduced -> rejected, with a named reason; the opening is free."""
    await _may(tx, introduction, same)
    step = city.reject_introduction(tx, introduction, body.reason, body.on or tx.node.today(), _by(caller))
    return await _taken(tx, caller, step, response)


async def _may(tx: Transaction, introduction: UUID, same: str | None) -> None:
    row, _ = await queries.get_introduction(tx, introduction)
    if same:
        check_version(if_match(same), row.version)
    await tx.widen()


async def _taken(tx: Transaction, caller: Caller, step: Awaitable[Introduced], response: Response) -> Introduction:
    return await _shown(tx, caller, (await step).introduction, response)


async def _shown(tx: Transaction, caller: Caller, introduction: UUID, response: Response) -> Introduction:
    row = await store.get_listed_introduction(tx, introduction)
    response.headers["ETag"] = etag(row.version)
    return Introduction.of(row, for_employer=_is_employer(caller))


def _is_employer(caller: Caller) -> bool:
    return caller.reach.kind == "organisation"


def _by(caller: Caller) -> str:
    return f"{caller.node}/{caller.role}"
