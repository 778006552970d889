"""The door by which people come in by hand (新增人员): the number first, then the whole card; and into another household."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import JsonValue

from libs.common.api import Idempotency, Tx, allow, answer_once, made_at
from libs.common.identity import Caller
from libs.common.masks import age_band
from libs.common.node import NodeContext
from services.registry.operations import entries, moves
from services.registry.operations.sealing import open_field
from services.registry.routes.labourers import with_reasons
from services.registry.rules.duplicates import Likeness
from services.registry.rules.entries import find
from services.registry.rules.masking import mask_fact
from services.registry.rules.people import Person
from services.registry.schemas import EntryFindingShown, LabourerWithReasons
from services.registry.schemas.households import Move
from services.registry.schemas.people import CandidateShown, LabourerCheck, LabourerChecked, NewLabourer

router = APIRouter(prefix="/registry/v1/labourers", tags=["labourers"])


@router.post("/checks", summary="查重 Is this number sound, and who is on record")
async def check_labourer(
    caller: Annotated[Caller, allow("registry.labourer.check")], tx: Tx, body: LabourerCheck
) -> LabourerChecked:
    """The first step of a form. Nothing is kept of the number; that somebody asked is on the trail."""
    number, found = await entries.check_labourer(tx, body.number, body.name or "", body.township, body.village)
    return LabourerChecked(
        valid=number.problem is None,
        errors=[EntryFindingShown.model_validate(find(number.problem, "number"))] if number.problem else [],
        birth_date=number.birth,
        sex=number.sex,
        known=found.known,
        known_as=f"/registry/v1/labourers/{found.known_as}" if found.known_as else None,
        candidates=[show_candidate(each, tx.node) for each in found.candidates],
        elsewhere=found.elsewhere,
    )


@router.post(
    "", status_code=201, responses=made_at("/registry/v1/labourers/{id}"), summary="新增人员 Enter a person by hand"
)
async def enter_labourer(
    caller: Annotated[Caller, allow("registry.labourer.enter")],
    tx: Tx,
    body: NewLabourer,
    once: Idempotency,
    response: Response,
) -> LabourerWithReasons:
    """Judged as a row of a people file is. `findings` are what is odd and keeps nobody out.

    A number on record is a 409 `number-taken` whose `known_as` is that person, where the caller may see them. Somebody alike
    (same name and birth date, or nearly so in the village) is a 409 `possible-duplicate` with `candidates`, masked, and how many
    there are `elsewhere`; it goes in with them in `different_from`, or with `confirmed`.
    """

    async def create() -> LabourerWithReasons:
        on = body.on or tx.node.today()
        made, findings = await entries.enter_labourer(
            tx,
            caller,
            body.said(),
            household=body.household,
            on=on,
            confirmed=body.confirmed,
            different_from=body.different_from,
            show=lambda found: show_candidates(found, tx.node),
        )
        shown = with_reasons(made, tx.node, on, response)
        return shown.model_copy(update={"findings": [EntryFindingShown.model_validate(each) for each in findings]})

    answer: LabourerWithReasons = await answer_once(tx, once, create)
    return answer


@router.post("/{person}/moves", summary="迁户 Move to another household of the county")
async def move_labourer(
    caller: Annotated[Caller, allow("registry.labourer.move")], tx: Tx, person: UUID, body: Move, response: Response
) -> LabourerWithReasons:
    """Township and village follow the household. One that is left by all is closed and stays on record."""
    on = body.on or tx.node.today()
    moved = await moves.move_labourer(
        tx, caller, person, body.household, kinship=body.kinship, on=on, reason=body.reason
    )
    return with_reasons(moved, tx.node, on, response)


def show_candidates(found: Likeness, node: NodeContext) -> list[JsonValue]:
    return [show_candidate(each, node).model_dump(mode="json") for each in found.candidates]


def show_candidate(person: Person, node: NodeContext) -> CandidateShown:
    plain = {
        name: open_field(node.vault, f"person.{name}", getattr(person, f"{name}_sealed")) for name in ("name", "number")
    }
    told = {name: value for name, value in vars(person).items() if name in CandidateShown.model_fields}
    masked = {name: mask_fact(name, value) for name, value in plain.items()}
    return CandidateShown(**told, **masked, age_band=age_band(person.birth_date, node.today()))
