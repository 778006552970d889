"""The door to a month's answers about work (务工月监测): one for each person, as last month with one press."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import Reading, Tx, allow
from libs.common.identity import Caller
from libs.common.problems import NotFound, refuse_field
from services.registry.operations.work_checks import check_work
from services.registry.rules.work_checks import WorkSaid
from services.registry.schemas.work_checks import NewWorkCheck, WorkCheckShown
from services.registry.store import people, work_checks

router = APIRouter(prefix="/registry/v1/rounds/{round}/labourers/{person}/work", tags=["rounds"])


class NotAnswered(NotFound):
    title = "本月还没有记录 Nothing was answered in this month yet"


@router.put("", summary="本月务工 What is said of somebody's work in a month")
async def answer_work(
    caller: Annotated[Caller, allow("registry.visit.record")], tx: Tx, round: UUID, person: UUID, body: NewWorkCheck
) -> WorkCheckShown:
    """Settles the person in the month's round. Said again alike it counts once, otherwise the answer before stays in the history.

    What contradicts the known situation is a 409 `situation-differs` with both; with `confirm` it holds from that day on, for lists,
    figures and matching.
    """
    said = None if body.as_last else _said(body)
    on = body.on or tx.node.today()
    answered = await check_work(tx, caller, round, person, said, on=on, confirmed=body.confirm)
    return WorkCheckShown(**vars(answered.check), restated=answered.restated)


@router.get("", summary="本月务工记录 What was said of somebody's work in a month")
async def show_work(
    caller: Annotated[Caller, allow("registry.visit.list")], tx: Reading, round: UUID, person: UUID
) -> WorkCheckShown:
    """404 while nobody has asked."""
    await people.get_person(tx, person)
    found = await work_checks.find_check(tx, round, person)
    if found is None:
        raise NotAnswered()
    return WorkCheckShown.model_validate(found)


def _said(body: NewWorkCheck) -> WorkSaid:
    if body.still_there is None:
        raise refuse_field("/still_there", "missing", "请说明是否仍在原处 Say whether the person is still there.")
    return WorkSaid(body.still_there, body.work_place, body.paid, body.on_time)
