"""Runs over HTTP: convene, allot, follow, and for an auditor this node's files."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.document import exported
from libs.common.exports import HEADER, mark_export
from libs.common.identity import Caller
from libs.common.small_numbers import EXACT
from libs.common.values import Asked, Count
from services.matching import files
from services.matching.operations.runs import city, coordinator, queries
from services.matching.routes.weights import WEIGHTS
from services.matching.rules.weights_versions import digest_of
from services.matching.schemas.residue import Residue
from services.matching.schemas.runs import (
    AllotmentMade,
    Certificates,
    NewAllotment,
    NewRun,
    Reasons,
    RunShort,
    RunShown,
    Stop,
)

router = APIRouter(prefix="/matching/v1/runs", tags=["匹配轮次 runs"])
explanations = APIRouter(prefix="/matching/v1/people", tags=["匹配轮次 runs"])
PassNumber = Annotated[
    Asked[Count] | None, Query(alias="pass", ge=1, description="Which pass; the last one by default")
]
PARQUET = "application/vnd.apache.parquet"


@router.post("", status_code=201, responses=made_at("/matching/v1/runs/{run}"), summary="召集 Announce a run")
async def announce_run(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.announce")], new: NewRun, once: Idempotency
) -> RunShown:
    """Announces a run to its participants: counties commit by themselves, cities when they have allotted openings."""

    async def create() -> RunShown:
        wanted = coordinator.RunTerms(tuple(new.counties), tuple(new.cities), new.as_of, new.weights, new.deadline)
        made = await coordinator.announce_run(tx, wanted)
        return _told(caller, await queries.show_changed_run(tx, made.run))

    answer: RunShown = await answer_once(tx, once, create)
    return answer


@router.get("", summary="匹配轮次清单 List runs")
async def list_runs(
    tx: Reading, caller: Annotated[Caller, allow("matching.run.list")], after: After = None, limit: Limit = 50
) -> Page[RunShort]:
    """The runs that this node convenes or takes part in, the newest first."""
    rows = [RunShort.of(row) for row in await queries.list_runs(tx, after_id(after, RunShort), limit + 1)]
    return page_of(rows if EXACT in caller.fields else [row.told() for row in rows], limit, lambda each: each.run)


@router.get("/{run}", summary="匹配轮次 Show a run")
async def show_run(tx: Reading, caller: Annotated[Caller, allow("matching.run.show")], run: UUID) -> RunShown:
    """Its state and counts as far as this node knows them; the closing table once the pass is closed.

    To a role without `exact` counts of 1 to 4 are `<5`, and others are to the nearest five."""
    return _told(caller, await queries.show_run(tx, run))


@router.post(
    "/{run}/allotments",
    status_code=201,
    responses=made_at("/matching/v1/runs/{run}"),
    summary="配额 Allot openings to a run",
)
async def allot_openings(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.allot")], run: UUID, new: NewAllotment, once: Idempotency
) -> AllotmentMade:
    """At a city of the run, once: openings of its own vetted vacancies. With it the city commits."""

    async def create() -> AllotmentMade:
        shares = [city.Share(each.vacancy, each.openings, each.reserved) for each in new.allotted]
        openings = await city.allot(tx, run, shares)
        return AllotmentMade(run=run, vacancies=len(shares), openings=openings)

    answer: AllotmentMade = await answer_once(tx, once, create)
    return answer


@router.post(
    "/{run}/passes",
    status_code=201,
    responses=made_at("/matching/v1/runs/{run}"),
    summary="再匹配 Open a pass for freed places",
)
async def open_pass(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.open_pass")], run: UUID, once: Idempotency
) -> RunShown:
    """At the convener of a settled run: signed places leave the market, those who left leave it, all others begin again."""

    async def create() -> RunShown:
        await coordinator.open_pass(tx, run)
        return _told(caller, await queries.show_changed_run(tx, run))

    answer: RunShown = await answer_once(tx, once, create)
    return answer


@router.post("/{run}/stop", summary="终止 Stop a run")
async def stop_run(tx: Tx, caller: Annotated[Caller, allow("matching.run.stop")], run: UUID, stop: Stop) -> RunShown:
    """At the convener: ends a run that has not settled, naming who did not answer and what was left undone."""
    await coordinator.stop_run(tx, run, stop.reason)
    return _told(caller, await queries.show_changed_run(tx, run))


@router.get(
    "/{run}/people.parquet",
    summary="审计：人员 People of this county",
    response_class=Response,
    responses=exported(PARQUET, "Parquet"),
)
async def export_people(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.export")], run: UUID, number: PassNumber = None
) -> Response:
    """By pseudonym, with the facts declared in the pass; the format of matching v1."""
    return await _exported(tx, caller, "matching.people", await queries.export_people(tx, run, number), run, number)


@router.get(
    "/{run}/vacancies.parquet",
    summary="审计：岗位 Vacancies of this city",
    response_class=Response,
    responses=exported(PARQUET, "Parquet"),
)
async def export_vacancies(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.export")], run: UUID, number: PassNumber = None
) -> Response:
    """With the openings offered in the pass; the format of matching v1."""
    return await _exported(
        tx, caller, "matching.vacancies", await queries.export_vacancies(tx, run, number), run, number
    )


@router.get(
    "/{run}/places.parquet",
    summary="审计：结果 Places of this county's people",
    response_class=Response,
    responses=exported(PARQUET, "Parquet"),
)
async def export_places(
    tx: Tx, caller: Annotated[Caller, allow("matching.run.export")], run: UUID, number: PassNumber = None
) -> Response:
    """Who got which vacancy in the pass, by pseudonym; the result format of matching v1."""
    return await _exported(tx, caller, "matching.places", await queries.export_places(tx, run, number), run, number)


@router.get("/{run}/residue", summary="余案 Whom the passes did not suffice for")
async def list_residue(
    tx: Reading, caller: Annotated[Caller, allow("matching.run.residue")], run: UUID, number: PassNumber = None
) -> Residue:
    """At a county: couples and groups that are not settled, by pseudonym and case; its officers also see the ids."""
    rows = await queries.list_residue(tx, run, number)
    return Residue.of(rows, named="ids" in caller.fields)


@router.get("/{run}/weights.json", summary="审计：权重 Weights of the run", response_class=Response, responses=WEIGHTS)
async def export_weights(tx: Reading, caller: Annotated[Caller, allow("matching.run.export")], run: UUID) -> Response:
    """The very file that every participant computes with; the ETag is its digest."""
    content = await queries.export_weights(tx, run)
    return Response(content, media_type="application/json", headers={"ETag": f'"{digest_of(content.decode())}"'})


@router.get("/{run}/certificate", summary="证明 Signed cutoffs of a pass")
async def show_certificate(
    tx: Reading, caller: Annotated[Caller, allow("matching.run.certificate")], run: UUID, number: PassNumber = None
) -> Certificates:
    """Each city's cutoffs, signed with its key; a county verifies its own people with them and nothing else."""
    return Certificates.of(*await queries.show_certificates(tx, run, number))


@explanations.get("/{person}/explanations/{vacancy}", summary="为什么不是那个岗位 Why not that job")
async def explain_place(
    tx: Reading,
    caller: Annotated[Caller, allow("matching.explanation.show")],
    person: UUID,
    vacancy: UUID,
    run: Annotated[UUID | None, Query(description="By default the person's last run")] = None,
) -> Reasons:
    """At the person's county: a hard rule, the cutoff or the lottery, with every number used."""
    return Reasons.of(*await queries.explain_place(tx, person, vacancy, run))


def _told(caller: Caller, run: queries.RunOverview) -> RunShown:
    """The counts as the caller's role is told them; who steers a run may, and is told no more of people for it."""
    shown = RunShown.shown(run)
    return shown if EXACT in caller.fields else shown.told()


async def _exported(tx: Tx, caller: Caller, what: str, content: bytes, run: UUID, number: int | None) -> Response:
    """A file that leaves the node stands in the trail, and says itself which export it is."""
    tx.trail.note(fields=["parquet"], bytes=len(content))
    mark = mark_export(tx, caller, what, files.count_rows(content), run=run, number=number)
    return Response(
        await asyncio.to_thread(files.mark_parquet, content, mark),
        media_type=PARQUET,
        headers={HEADER: str(mark.export)},
    )
