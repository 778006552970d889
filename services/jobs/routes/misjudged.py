"""The door to adverts judged wrongly: marked, listed beside the present rules, decided, taken as a test set."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.answers import Responses
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from services.jobs.operations import misjudged
from services.jobs.rules.misjudged import MisjudgedState, Should
from services.jobs.schemas.list_sheets import MISJUDGED
from services.jobs.schemas.misjudged import CaseLine, MisjudgedDecision, MisjudgedNew, MisjudgedShown
from services.jobs.store import misjudged as store

router = APIRouter(prefix="/jobs/v1", tags=["misjudged"])
# A test set is taken whole.
MOST_LINES = 10_000
_LINES: Responses = {
    200: {
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"title":"男科医院护士","should":"pass"}',
            }
        }
    }
}


@router.get("/misjudged", summary="误判清单 List adverts judged wrongly")
async def list_misjudged(
    caller: Annotated[Caller, allow("jobs.misjudgement.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    state: Annotated[MisjudgedState | None, Query(description="单位申诉, 已认定 or 未认定")] = None,
    should: Annotated[Should | None, Query(description="应通过 or 应退回")] = None,
) -> Page[MisjudgedShown]:
    """Each beside what the present rules say of it; a firm sees those of its own vacancies."""
    rows = await store.list_cases(tx, state=state, should=should, after=after_id(after, MisjudgedShown), limit=limit)
    return page_of([MisjudgedShown.of(row) for row in rows], limit, lambda shown: shown.id)


export_list(router, "/misjudged.xlsx", list_misjudged, MISJUDGED)


@router.get(
    "/misjudged.jsonl",
    response_class=Response,
    responses=_LINES,
    summary="误判测试集 Adverts judged wrongly as a test set",
)
async def take_test_set(caller: Annotated[Caller, allow("jobs.misjudgement.list")], tx: Reading) -> Response:
    """What officers have confirmed, one JSON object a line, without any firm; the first 10,000."""
    cases = await store.list_cases(tx, state="confirmed", should=None, after=None, limit=MOST_LINES)
    lines = "".join(CaseLine.model_validate(case).model_dump_json() + "\n" for case in cases)
    return Response(lines, media_type="application/x-ndjson")


@router.post(
    "/vacancies/{vacancy}/misjudged",
    status_code=201,
    responses=made_at("/jobs/v1/misjudged/{id}"),
    summary="标记误判 Mark the vetting of a vacancy as wrong",
)
async def mark_misjudged(
    caller: Annotated[Caller, allow("jobs.misjudgement.create")],
    tx: Tx,
    once: Idempotency,
    vacancy: UUID,
    body: MisjudgedNew,
) -> MisjudgedShown:
    """By an officer, or by the firm as an appeal that waits for one. The vacancy stays as it is until it is vetted again."""

    async def create() -> MisjudgedShown:
        facts = body.model_dump(exclude={"on"})
        return MisjudgedShown.of(
            await misjudged.mark_misjudged(tx, caller, vacancy, **facts, on=body.on or tx.node.today())
        )

    return await answer_once(tx, once, create)  # type: ignore[no-any-return]


@router.get("/misjudged/{case}", summary="查看误判 One advert judged wrongly")
async def show_misjudged(
    caller: Annotated[Caller, allow("jobs.misjudgement.show")], tx: Reading, case: UUID
) -> MisjudgedShown:
    """As it stood when it was marked, beside what the present rules say."""
    return MisjudgedShown.of(await store.get_case(tx, case))


@router.post("/misjudged/{case}/decide", summary="认定误判 Decide on what a firm says was judged wrongly")
async def decide_misjudged(
    caller: Annotated[Caller, allow("jobs.misjudgement.decide")], tx: Tx, case: UUID, body: MisjudgedDecision
) -> MisjudgedShown:
    """Confirmed, it is in the test set; 409 where somebody has decided."""
    confirmed, on = body.decision == "confirm", body.on or tx.node.today()
    return MisjudgedShown.of(
        await misjudged.decide_misjudged(tx, caller, case, confirmed=confirmed, because=body.reason, on=on)
    )
