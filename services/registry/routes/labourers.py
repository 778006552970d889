"""The door to the people of the register: masked, shown with reasons, corrected on the version that was read.

Nothing here tells an age by a day of the caller's choosing: names, and ages on a day, are asked for with a purpose (`reveals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Row

from libs.common.api import After, IfMatch, Limit, Page, Reading, Tx, after_id, allow, as_stored, etag, page_of
from libs.common.identity import Caller
from libs.common.masks import age_band, mask_name, mask_number, mask_phone, year_end
from libs.common.node import NodeContext
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
    caller: Annotated[Caller, allow("registry.labourer.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    as_of: AsOf = None,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    labourer: Annotated[Asked[Flag] | None, Query(description="labourers by rule v1, or the others")] = None,
    employed: Annotated[Asked[Flag] | None, Query(description="in work on that day, or not")] = None,
) -> Page[LabourerShown]:
    """Everybody in the register whom the caller may see, in the order of entry; a cadre sees the own township."""
    day = as_of or tx.node.today()
    rows = await labourers.list_labourers(
        tx,
        day,
        township=township,
        labourer=labourer,
        employed=employed,
        after=after_id(after, LabourerShown),
        limit=limit + 1,
    )
    shown = [as_stored(LabourerShown, facts) for facts in _facts(rows, tx.node)]
    return page_of(shown, limit, lambda each: each.id)


@router.get("/labourers/{person}", summary="一人 One person with the reasons of identification")
async def show_labourer(
    caller: Annotated[Caller, allow("registry.labourer.show")],
    tx: Reading,
    person: UUID,
    response: Response,
    as_of: AsOf = None,
) -> LabourerWithReasons:
    """One person as of a day, every ground of the identification on record, and the ETag that a correction needs."""
    day = as_of or tx.node.today()
    row = await labourers.show_labourer(tx, person, day)
    return _with_reasons(row, tx.node, day, response)


@router.patch("/labourers/{person}", summary="更正 Correct a person's facts")
async def correct_labourer(
    caller: Annotated[Caller, allow("registry.labourer.correct")],
    tx: Tx,
    person: UUID,
    body: Correction,
    version: IfMatch,
    response: Response,
) -> LabourerWithReasons:
    """What stood there before stays on record. The verdict, the household's points, matching and the figures follow."""
    on = body.on or tx.node.today()
    row = await labourers.correct_labourer(tx, caller, person, body.said(), version=version, on=on)
    return _with_reasons(row, tx.node, on, response)


def _with_reasons(row: Row[Any], node: NodeContext, day: date, response: Response) -> LabourerWithReasons:
    response.headers["ETag"] = etag(row.version)
    reasons = explain_verdict(row.reasons, row.ability, row.pupil)
    said = wish_of(row, node.code)
    return LabourerWithReasons(
        **next(_facts([row], node)),
        as_of=day,
        identification=[ReasonShown.model_validate(reason) for reason in reasons],
        wish=said.model_dump(mode="json") if said else None,
    )


def _facts(rows: Iterable[Row[Any]], node: NodeContext) -> Iterator[dict[str, Any]]:
    today, counted = node.today(), year_end(node.today())
    for row in rows:
        yield {
            "id": row.id,
            "household": row.household,
            **_masked(row, node.vault),
            "sex": row.sex,
            "age_band": age_band(row.birth_date, today),
            "township": row.township,
            "village": row.village,
            "ethnic_group": row.ethnic_group,
            "kinship": row.kinship,
            "education": row.education,
            "pupil": row.pupil,
            "ability": row.ability,
            "health": row.health,
            "labourer": row.labourer,
            "reasons": row.reasons,
            "rule": IDENTIFICATION_RULE,
            "employed": row.work_place is not None,
            "work_place": row.work_place,
            "channel": row.channel,
            "groups": list(groups_of(row, counted)),
            "burden": row.burden,
            "willing": row.facts["willing"] if row.facts else None,
            "visited": row.visited,
            "version": row.version,
        }


def _masked(row: Row[Any], vault: Vault) -> dict[str, str | None]:
    return {
        "name": _mask_of(vault, "name", row.name_sealed),
        "number": _mask_of(vault, "number", row.number_sealed),
        "phone": _mask_of(vault, "phone", row.phone_sealed),
        "household_phone": _mask_of(vault, "household_phone", row.household_phone_sealed),
    }


_MASKS = {"name": mask_name, "number": mask_number, "phone": mask_phone, "household_phone": mask_phone}


# A field sealed anew has another nonce, so what is remembered of it, which is no more than the mask, is never that of another value.
@lru_cache(maxsize=16_384)
def _mask_of(vault: Vault, field: str, sealed: bytes | None) -> str | None:
    text = open_field(vault, f"person.{field}", sealed)
    return _MASKS[field](text) if text else None
