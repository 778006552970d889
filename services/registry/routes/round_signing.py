"""The door to signatures of a round (签收) and to its difference to the one before (与上轮比较)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.masks import mask_name
from services.registry.operations import round_differences, round_signing
from services.registry.operations.sealing import open_field
from services.registry.rules.round_signatures import WHOLE
from services.registry.schemas.round_sheets import DIFFERENCES, told_of
from services.registry.schemas.round_signing import (
    DifferenceRow,
    Differs,
    FactDiffers,
    NewSignature,
    SignatureShown,
    SignaturesShown,
    TakenBack,
)
from services.registry.store import people, round_signatures, rounds

router = APIRouter(prefix="/registry/v1/rounds/{round}", tags=["rounds"])


@router.get("/signatures", summary="签收记录 Signatures of a round")
async def list_signatures(
    caller: Annotated[Caller, allow("registry.round.list")], tx: Reading, round: UUID
) -> SignaturesShown:
    """In their order, also those that were taken back."""
    await rounds.get_round(tx, round)
    found = await round_signatures.list_signatures(tx, round)
    return SignaturesShown(signatures=[SignatureShown.model_validate(each) for each in found])


@router.post("/signatures", summary="签收 Sign a township's part, or the whole")
async def sign(
    caller: Annotated[Caller, allow("registry.round.sign")], tx: Tx, round: UUID, body: NewSignature
) -> SignatureShown:
    """A township's part when nobody is open, or with a reason for each who is; the whole, by the county alone, when every township has.

    What is signed stays as it is, whatever is written later; signed by somebody else meanwhile it is a 409 `signed-already`.
    """
    if body.township is None:
        signed = await round_signing.sign_round(tx, caller, round)
    else:
        reasons = {each.person: each.reason for each in body.reasons}
        signed = await round_signing.sign_township(tx, caller, round, body.township, reasons, body.rest)
    return SignatureShown.model_validate(signed)


@router.post("/signatures/take-back", summary="撤回签收 Take a signature back")
async def take_back(
    caller: Annotated[Caller, allow("registry.round.take_back")], tx: Tx, round: UUID, body: TakenBack
) -> SignatureShown:
    """The county's before a township's. What was written meanwhile is caught up; the signature stays on record with why."""
    gone = await round_signing.take_back(tx, caller, round, body.township or WHOLE, body.reason)
    return SignatureShown.model_validate(gone)


@router.get("/differences", summary="与上轮比较 What is other than in the round before")
async def list_differences(
    caller: Annotated[Caller, allow("registry.round.list_labourers")],
    tx: Reading,
    round: UUID,
    differs: Annotated[Differs | None, Query(description="came, left, changed")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DifferenceRow]:
    """Who came, who left, and whose place, work, willingness or wish is found otherwise, before and after. 404 without a round before."""
    position = after_id(after, DifferenceRow)
    found = await round_differences.list_differences(tx, round, differs=differs, after=position, limit=limit + 1)
    known = {each.id: each for each in await people.list_people_by_id(tx, [each.found.person for each in found])}

    def name(one: UUID) -> str | None:
        sealed = known[one].name_sealed if one in known else None
        return mask_name(open_field(tx.node.vault, "person.name", sealed)) if sealed else None

    rows = [
        DifferenceRow(
            person=each.found.person,
            name=name(each.found.person),
            township=each.found.township,
            village=each.found.village,
            differs=each.found.differs,
            facts=[FactDiffers.model_validate(fact) for fact in each.facts],
            told="；".join(told_of(fact.field, fact.before, fact.after) for fact in each.facts),
        )
        for each in found
    ]
    return page_of(rows, limit, lambda each: each.person)


export_list(router, "/differences.xlsx", list_differences, DIFFERENCES)
