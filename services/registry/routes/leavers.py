"""The door to school leavers (两后生): listed with their plans and with nobody's, counted by township, a plan noted."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.masks import age_band, mask_name, mask_phone
from libs.common.privacy import Vault
from libs.common.values import Asked, Flag, Label
from services.registry.operations import leavers
from services.registry.operations.labourers import check_filters
from services.registry.operations.sealing import open_field
from services.registry.routes.callers import AsOf
from services.registry.rules.leavers import (
    Leaver,
    LeaversWanted,
    LeaverWindow,
    StandingPlan,
    leaver_window,
    why_no_leaver,
)
from services.registry.rules.listing import Filters
from services.registry.schemas.leavers import LeaversCounted, LeaverShown, LeaverWithPlans, PlanSaid, SaidPlanShown
from services.registry.schemas.list_sheets import LEAVERS
from services.registry.store import leavers as store
from services.registry.store import people

router = APIRouter(prefix="/registry/v1/leavers", tags=["leavers"])


async def wanted_of(
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    village: Annotated[Label | None, Query(description="村")] = None,
    planned: Annotated[Asked[Flag] | None, Query(description="with a plan, or those of whom nobody knows one")] = None,
    plan: Annotated[StandingPlan | None, Query(description="打算")] = None,
) -> LeaversWanted:
    return LeaversWanted(township=township, village=village, planned=planned, plan=plan)


Wanted = Annotated[LeaversWanted, Depends(wanted_of)]


@router.get("", summary="两后生名单 List school leavers")
async def list_leavers(
    caller: Annotated[Caller, allow("registry.leaver.list")],
    tx: Reading,
    wanted: Wanted,
    after: After = None,
    limit: Limit = 50,
    as_of: AsOf = None,
) -> Page[LeaverShown]:
    """Who left school after 初中 or 高中 and went on to none, within the caller's reach, with what each is going to do."""
    day = as_of or tx.node.today()
    await check_filters(tx, Filters(township=wanted.township))
    window = leaver_window(day)
    found = await store.list_leavers(tx, wanted, window, day, after=after_id(after, LeaverShown), limit=limit)
    shown = [LeaverShown.model_validate(_masked(each, window, tx.node.vault, tx.node.today())) for each in found]
    return page_of(shown, limit, lambda each: each.id)


export_list(router, ".xlsx", list_leavers, LEAVERS)


@router.get("/counts", summary="两后生人数 How many school leavers there are, by township")
async def count_leavers(
    caller: Annotated[Caller, allow("registry.leaver.list")], tx: Reading, wanted: Wanted, as_of: AsOf = None
) -> LeaversCounted:
    """How many a list with the same filters holds, and of how many nobody knows a plan."""
    day = as_of or tx.node.today()
    await check_filters(tx, Filters(township=wanted.township))
    window = leaver_window(day)
    return LeaversCounted.of(day, window, await store.count_leavers(tx, wanted, window, day))


@router.get("/{person}", summary="一名两后生 One school leaver")
async def show_leaver(
    caller: Annotated[Caller, allow("registry.leaver.show")], tx: Reading, person: UUID, as_of: AsOf = None
) -> LeaverWithPlans:
    """With everything that was said; of whoever is none, the reasons why not."""
    return await _show(tx, person, as_of or tx.node.today())


@router.put("/{person}/plan", summary="记打算 What a school leaver is going to do")
async def say_plan(
    caller: Annotated[Caller, allow("registry.leaver.plan")], tx: Tx, person: UUID, body: PlanSaid
) -> LeaverWithPlans:
    """The newest word holds, earlier ones stay on record; the same again is one. 409 `not-leaver` with the reasons for whoever is none."""
    today = tx.node.today()
    await leavers.say_plan(tx, caller, person, body.plan, said_on=body.on or today, note=body.note)
    return await _show(tx, person, today)


async def _show(tx: Transaction, person: UUID, day: date) -> LeaverWithPlans:
    found, state = await store.get_leaver(tx, person, day), await people.get_person(tx, person)
    reasons = why_no_leaver(found.birth_date, found.education, state.pupil, day)
    said = [SaidPlanShown.model_validate(each) for each in await store.list_said_plans(tx, person)]
    shown = _masked(found, leaver_window(day), tx.node.vault, tx.node.today())
    return LeaverWithPlans.model_validate({**shown, "leaver": not reasons, "reasons": list(reasons), "said": said})


def _masked(one: Leaver, window: LeaverWindow, vault: Vault, today: date) -> dict[str, object]:
    phones = {name: open_field(vault, f"person.{name}", getattr(one, f"{name}_sealed")) for name in _PHONES}
    return {
        **vars(one),
        "name": mask_name(open_field(vault, "person.name", one.name_sealed)),
        **{name: mask_phone(phone) if phone else None for name, phone in phones.items()},
        "age_band": age_band(one.birth_date, today),
        "judged_on": window.judged_on,
        "rule": window.rule,
    }


_PHONES = ("phone", "household_phone")
