"""The door to rounds (轮次): opened, given to cadres village by village, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Idempotency, Limit, Page, Reading, Tx, after_id, allow, answer_once, made_at, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.node import NodeContext
from services.registry.operations import round_withdrawing, rounds
from services.registry.routes.callers import AsOf
from services.registry.rules.cadres import Cadre
from services.registry.rules.rounds import RoundFigures, RoundPart, RoundState
from services.registry.schemas.round_sheets import ROUNDS
from services.registry.schemas.rounds import (
    Assigned,
    AssignmentShown,
    AssignmentsShown,
    CadreProgress,
    FiguresShown,
    NewRound,
    RoundProgressShown,
    RoundShown,
    RoundWithdrawn,
    TownshipProgress,
    VillageProgress,
)
from services.registry.store import round_signatures
from services.registry.store import rounds as store

router = APIRouter(prefix="/registry/v1/rounds", tags=["rounds"])


@router.post("", status_code=201, responses=made_at("/registry/v1/rounds/{id}"), summary="开启轮次 Open a round")
async def open_round(
    caller: Annotated[Caller, allow("registry.round.open")], tx: Tx, body: NewRound, once: Idempotency
) -> RoundShown:
    """Its list is drawn up in the background, while visits count already. Who comes later or moves in is on it, who leaves is told.

    One round for each period of a kind, none for a period that has not begun, and none while two of its kind are unsigned.
    """

    async def create() -> RoundShown:
        made = await rounds.open_round(tx, caller, body.kind, body.period, day=body.day, due=body.due)
        return RoundShown.model_validate(made)

    answer: RoundShown = await answer_once(tx, once, create)
    return answer


@router.get("", summary="轮次清单 Rounds")
async def list_rounds(
    caller: Annotated[Caller, allow("registry.round.list")],
    tx: Reading,
    state: Annotated[RoundState | None, Query(description="listing, open, signed")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[RoundShown]:
    """The one that was opened last first."""
    found = await store.list_rounds(tx, state=state, before=after_id(after, RoundShown), limit=limit + 1)
    return page_of([RoundShown.model_validate(each) for each in found], limit, lambda each: each.id)


export_list(router, ".xlsx", list_rounds, ROUNDS)


@router.get("/{round}", summary="一个轮次 One round")
async def show_round(caller: Annotated[Caller, allow("registry.round.list")], tx: Reading, round: UUID) -> RoundShown:
    """Its days and how far it is as a whole."""
    return RoundShown.model_validate(await store.get_round(tx, round))


@router.get("/{round}/progress", summary="轮次进度 How far a round is")
async def show_progress(
    caller: Annotated[Caller, allow("registry.round.list")], tx: Reading, round: UUID, as_of: AsOf = None
) -> RoundProgressShown:
    """In all, by township, by village and by cadre, of what the caller may see; added up from differences, so nobody is counted."""
    found, day = await store.get_round(tx, round), as_of or tx.node.today()
    signed = {
        each.township: each.signed_by for each in await round_signatures.list_signatures(tx, round) if each.stands
    }
    shown = await rounds.show_progress(tx, round)
    return RoundProgressShown(
        round=RoundShown.model_validate(found),
        as_of=day,
        overdue=shown.total.open if day > found.due else 0,
        total=FiguresShown.model_validate(shown.total),
        townships=[
            TownshipProgress(township=name, signed_by=signed.get(name), **_said(figures))
            for name, figures in shown.townships.items()
        ],
        villages=[
            VillageProgress(**vars(part), cadres=shown.assigned.get(part, []), **_said(figures))
            for part, figures in shown.villages.items()
        ],
        cadres=[
            CadreProgress(cadre=each.cadre, villages=each.villages, settled_by=each.settled_by, **_said(each.figures))
            for each in shown.cadres
        ],
    )


@router.post("/{round}/withdraw", summary="撤销轮次 Withdraw a round that was opened by mistake")
async def withdraw_round(
    caller: Annotated[Caller, allow("registry.round.withdraw")], tx: Tx, round: UUID, body: RoundWithdrawn
) -> RoundShown:
    """Answers what it was. Visits stay with the people, and the period can be opened again; 409 `round-begun` once anybody has signed,
    or a month has answers."""
    return RoundShown.model_validate(await round_withdrawing.withdraw_round(tx, round, body.reason))


@router.put("/{round}/villages", summary="分工 Give villages to cadres")
async def assign_villages(
    caller: Annotated[Caller, allow("registry.round.assign")], tx: Tx, round: UUID, body: Assigned
) -> AssignmentsShown:
    """These villages' lists are these cadres' from now on. Each must have an account here for the township or village."""
    known = await _cadres(tx.node) if body.cadres else []
    villages = [RoundPart(each.township, each.village) for each in body.villages]
    given = await rounds.assign_villages(tx, caller, round, villages, body.cadres, known)
    return AssignmentsShown(assignments=[AssignmentShown.model_validate(each) for each in given])


async def _cadres(node: NodeContext) -> list[Cadre]:
    """The console keeps the accounts."""
    told: Mapping[str, Any] = await node.neighbours.get("registry", "console", "/cadres", node.clock.now()) or {}
    return [Cadre(each["login"], tuple(each["regions"])) for each in told.get("cadres", ())]


def _said(figures: RoundFigures) -> Mapping[str, Any]:
    return vars(FiguresShown.model_validate(figures))
