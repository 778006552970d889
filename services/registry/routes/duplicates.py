"""The door to people who are perhaps one (疑似重复): the queue, both side by side, and the decision."""

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
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.problems import refuse_field
from libs.common.values import Label
from services.registry.operations import merging, same_person
from services.registry.operations.same_person import compare
from services.registry.routes.entries import show_candidate
from services.registry.rules.comparing import ComparedFact
from services.registry.rules.people import Person
from services.registry.rules.same_person import Pair, PairState
from services.registry.schemas.duplicates import (
    ComparedFactShown,
    DuplicateCompared,
    DuplicateDecision,
    DuplicateShown,
    NewDuplicate,
)
from services.registry.store import people
from services.registry.store import same_person as store
from services.registry.store.same_person import PairFilters

router = APIRouter(prefix="/registry/v1/duplicates", tags=["duplicates"])


@router.get("", summary="疑似重复 People who are perhaps the same")
async def list_duplicates(
    caller: Annotated[Caller, allow("registry.duplicate.list")],
    tx: Reading,
    state: Annotated[PairState | None, Query(description="all when left out")] = None,
    township: Annotated[Label | None, Query(description="where one of the two lives")] = None,
    batch: Annotated[UUID | None, Query(description="found when this file came in")] = None,
    person: Annotated[UUID | None, Query(description="one of the two")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DuplicateShown]:
    """In the order in which they were found, masked."""
    filters = PairFilters(state, township, batch, person)
    found = await store.list_pairs(tx, filters, after=after_id(after, DuplicateShown), limit=limit + 1)
    return page_of(await _shown(tx, found), limit, lambda each: each.id)


@router.post(
    "",
    status_code=201,
    responses=made_at("/registry/v1/duplicates/{id}"),
    summary="登记一对 Say that two people are perhaps one",
)
async def state_duplicate(
    caller: Annotated[Caller, allow("registry.duplicate.decide")],
    tx: Tx,
    body: NewDuplicate,
    once: Idempotency,
    response: Response,
) -> DuplicateShown:
    """A pair that was found before is answered as it stands."""
    if body.one == body.other:
        raise refuse_field("/other", "same", "须为两个人 Two people are needed.")

    async def create() -> DuplicateShown:
        pair = await same_person.state_pair(tx, caller, body.one, body.other)
        response.headers["ETag"] = etag(pair.version)
        return (await _shown(tx, [pair]))[0]

    answer: DuplicateShown = await answer_once(tx, once, create)
    return answer


@router.get("/{duplicate}", summary="并排比对 Both side by side")
async def show_duplicate(
    caller: Annotated[Caller, allow("registry.duplicate.list")], tx: Reading, duplicate: UUID, response: Response
) -> DuplicateCompared:
    """Every fact of both, with the ETag that a decision needs."""
    return await _compared(tx, await store.get_pair(tx, duplicate), response)


@router.post("/{duplicate}/decision", summary="裁决 Decide whether they are one")
async def decide_duplicate(
    caller: Annotated[Caller, allow("registry.duplicate.decide")],
    tx: Tx,
    duplicate: UUID,
    body: DuplicateDecision,
    version: IfMatch,
    response: Response,
) -> DuplicateCompared:
    """`different`: the pair is never raised again. `same`: the one that `stays` keeps the id and has whatever hangs on either; asked for
    the other's id, the answer is a 410 `person-merged` with `merged_into`. Decided once: 409 after that."""
    if body.stays is not None:
        on = body.on or tx.node.today()
        decided = await merging.merge_pair(
            tx, caller, duplicate, body.stays, body.taken, on=on, reason=body.reason, version=version
        )
    else:
        decided = await same_person.decide_different(tx, caller, duplicate, body.reason or "", version)
    return await _compared(tx, decided, response)


async def _compared(tx: Transaction, pair: Pair, response: Response) -> DuplicateCompared:
    response.headers["ETag"] = etag(pair.version)
    shown = (await _shown(tx, [pair]))[0]
    facts = [_fact(each) for each in await compare(tx, pair)]
    return DuplicateCompared(**vars(shown), facts=facts)


def _fact(compared: ComparedFact) -> ComparedFactShown:
    return ComparedFactShown.model_validate(compared)


async def _shown(tx: Transaction, pairs: list[Pair]) -> list[DuplicateShown]:
    ids = {each for pair in pairs for each in (pair.one, pair.other)}
    found: dict[UUID, Person] = {each.id: each for each in await people.list_people(tx, ids)} if ids else {}
    return [
        DuplicateShown(
            **{
                **{name: value for name, value in vars(pair).items() if name in DuplicateShown.model_fields},
                "one": show_candidate(found[pair.one], tx.node),
                "other": show_candidate(found[pair.other], tx.node),
            }
        )
        for pair in pairs
    ]
