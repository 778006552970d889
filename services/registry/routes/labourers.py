"""The door to the people of the register: masked, shown with reasons, corrected on the version that was read.

Nothing here tells an age by a day of the caller's choosing: names, and ages on a day, are asked for with a purpose (`reveals`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Row

from libs.common.api import After, IfMatch, Limit, Page, Reading, Tx, after_id, allow, etag, page_of
from libs.common.home import Home
from libs.common.identity import Caller
from libs.common.masks import age_band, mask_name, mask_number, mask_phone, year_end
from libs.common.privacy import Vault
from libs.common.values import Asked, Flag, Label
from services.registry.operations import labourers
from services.registry.operations.announcing import groups_of, wish_of
from services.registry.operations.sealing import open_field
from services.registry.routes.callers import AsOf
from services.registry.rules import IDENTIFICATION_RULE
from services.registry.rules.reasons import explain_verdict
from services.registry.schemas import Correction, LabourerShown, LabourerWithReasons, ReasonShown

router = APIRouter(prefix="/registry/v1", tags=["labourers"])


@router.get("/labourers", summary="人员名册 List the people of the register")
async def list_labourers(
    caller: Annotated[Caller, allow("registry.labourer.list")], tx: Reading, after: After = None, limit: Limit = 50, as_of: AsOf = None,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    labourer: Annotated[Asked[Flag] | None, Query(description="labourers by rule v1, or the others")] = None,
    employed: Annotated[Asked[Flag] | None, Query(description="in work on that day, or not")] = None,
) -> Page[LabourerShown]:  # fmt: skip
    """Everybody in the register whom the caller may see, in the order of entry; a cadre sees the own township."""
    day = as_of or tx.home.today()
    rows = await labourers.list_labourers(
        tx, day, township=township, labourer=labourer, employed=employed, after=after_id(after, LabourerShown), limit=limit + 1
    )
    shown = [LabourerShown(**_facts(row, tx.home)) for row in rows]
    return page_of(shown, limit, lambda each: each.id)


@router.get("/labourers/{person}", summary="一人 One person with the reasons of identification")
async def show_labourer(
    caller: Annotated[Caller, allow("registry.labourer.show")], tx: Reading, person: UUID, response: Response, as_of: AsOf = None
) -> LabourerWithReasons:
    """One person as of a day, every ground of the identification on record, and the ETag that a correction needs."""
    day = as_of or tx.home.today()
    row = await labourers.show_labourer(tx, person, day)
    return _with_reasons(row, tx.home, day, response)


@router.patch("/labourers/{person}", summary="更正 Correct a person's facts")
async def correct_labourer(
    caller: Annotated[Caller, allow("registry.labourer.correct")], tx: Tx, person: UUID, body: Correction, version: IfMatch, response: Response
) -> LabourerWithReasons:
    """What stood there before stays on record. The verdict, the household's points, matching and the figures follow."""
    on = body.on or tx.home.today()
    row = await labourers.correct_labourer(tx, caller, person, body.said(), version=version, on=on)
    return _with_reasons(row, tx.home, on, response)


def _with_reasons(row: Row[Any], home: Home, day: date, response: Response) -> LabourerWithReasons:
    response.headers["ETag"] = etag(row.version)
    reasons = explain_verdict(row.reasons, row.ability, row.pupil)
    said = wish_of(row, home.code)
    return LabourerWithReasons(
        **_facts(row, home), as_of=day, identification=[ReasonShown.model_validate(reason) for reason in reasons],
        wish=said.model_dump(mode="json") if said else None,
    )  # fmt: skip


_STORED = (
    "id", "household", "sex", "township", "village", "ethnic_group", "kinship", "education", "pupil", "ability", "health", "labourer",
    "reasons", "work_place", "channel", "burden", "visited", "version",
)  # fmt: skip


def _facts(row: Row[Any], home: Home) -> dict[str, Any]:
    stored = {name: getattr(row, name) for name in _STORED}
    today = home.today()
    return stored | _masked(row, home.vault) | {
        "age_band": age_band(row.birth_date, today), "rule": IDENTIFICATION_RULE, "employed": row.work_place is not None,
        "groups": groups_of(row, year_end(today)), "willing": row.facts["willing"] if row.facts else None,
    }  # fmt: skip


def _masked(row: Row[Any], vault: Vault) -> dict[str, Any]:
    name, number, phone, home = (
        open_field(vault, f"person.{field}", getattr(row, f"{field}_sealed")) for field in ("name", "number", "phone", "household_phone")
    )
    phones = {"phone": mask_phone(phone) if phone else None, "household_phone": mask_phone(home) if home else None}
    return {"name": mask_name(name), "number": mask_number(number), **phones}
