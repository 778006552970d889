"""The door to one person of the register: masked, shown with reasons, corrected on the version that was read.

Nothing here tells an age by a day of the caller's choosing: names, and ages on a day, are asked for with a purpose (`reveals`).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from libs.common.api import After, IfMatch, Limit, Page, Reading, Tx, after_id, allow, as_stored, etag, page_of
from libs.common.identity import Caller
from libs.common.masks import age_band, year_end
from libs.common.node import NodeContext
from libs.common.privacy import Vault
from services.registry.operations import history, labourers
from services.registry.operations.announcing import wish_of
from services.registry.operations.sealing import open_field
from services.registry.routes.callers import AsOf
from services.registry.rules.identification import is_older, rule_of
from services.registry.rules.masking import MASKS
from services.registry.rules.people import ListedPerson, PersonState, groups_of
from services.registry.rules.reasons import explain_verdict
from services.registry.schemas import LabourerShown, LabourerWithReasons, LeftShown, ReasonShown
from services.registry.schemas.people import ChangeShown, Correction
from services.registry.store import people

router = APIRouter(prefix="/registry/v1", tags=["labourers"])


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
    found = await people.get_person(tx, person, day)
    return with_reasons(found, tx.node, day, response)


@router.patch("/labourers/{person}", summary="更正 Correct a person's facts")
async def correct_labourer(
    caller: Annotated[Caller, allow("registry.labourer.correct")],
    tx: Tx,
    person: UUID,
    body: Correction,
    version: IfMatch,
    response: Response,
) -> LabourerWithReasons:
    """What stood there before stays on record. The verdict, the household's points, matching and the figures follow.

    Another number needs a `reason`, and brings birth date and sex; one of somebody else is a 409 whose `known_as` is that person,
    where the caller may see it. On an older version the 412 has the `version` there is and, in `current`, what stands there now
    of the fields that were sent.
    """
    on = body.on or tx.node.today()
    found = await labourers.correct_labourer(
        tx, caller, person, body.said(), version=version, on=on, reason=body.reason
    )
    return with_reasons(found, tx.node, on, response)


@router.get("/labourers/{person}/history", summary="变更记录 Everything that was written of a person")
async def list_history(
    caller: Annotated[Caller, allow("registry.labourer.history")],
    tx: Reading,
    person: UUID,
    after: After = None,
    limit: Limit = 50,
) -> Page[ChangeShown]:
    """Who wrote what and when, from which source, as it stood before and after, masked as a list is; the newest first."""
    found = await history.list_history(tx, person, before=after_id(after, ChangeShown), limit=limit + 1)
    return page_of([ChangeShown.model_validate(each) for each in found], limit, lambda each: each.id)


def with_reasons(person: PersonState, node: NodeContext, day: date, response: Response) -> LabourerWithReasons:
    response.headers["ETag"] = etag(person.version)
    shown = show_masked(person, node.vault, node.today(), year_end(node.today()))
    reasons = explain_verdict(person.reasons, person.ability, person.pupil, rule_of(person.rule or "v1"))
    said = wish_of(person, node.code)
    return LabourerWithReasons(
        **vars(shown),
        as_of=day,
        identification=[ReasonShown.model_validate(reason) for reason in reasons],
        wish=said.model_dump(mode="json") if said else None,
        left=LeftShown(way=person.left_as, on=person.left_on) if person.left_on else None,
    )


def show_masked(person: ListedPerson, vault: Vault, today: date, counted: date) -> LabourerShown:
    """As every reader sees somebody. `counted`: the day on which groups are judged, the same for everybody who asks within a year."""
    return as_stored(
        LabourerShown,
        {
            "id": person.id,
            "household": person.household,
            "name": _mask_of(vault, "name", person.name_sealed),
            "number": _mask_of(vault, "number", person.number_sealed),
            "phone": _mask_of(vault, "phone", person.phone_sealed),
            "household_phone": _mask_of(vault, "household_phone", person.household_phone_sealed),
            "sex": person.sex,
            "age_band": age_band(person.birth_date, today),
            "township": person.township,
            "village": person.village,
            "ethnic_group": person.ethnic_group,
            "kinship": person.kinship,
            "education": person.education,
            "pupil": person.pupil,
            "ability": person.ability,
            "health": person.health,
            "labourer": person.labourer,
            "reasons": person.reasons,
            "judged_on": person.judged_on,
            "rule": person.rule,
            "older": is_older(person.sex, person.birth_date, counted),
            "employed": person.work_place is not None,
            "work_place": person.work_place,
            "channel": person.channel,
            "groups": list(groups_of(person, counted)),
            "burden": person.burden,
            "willing": person.facts["willing"] if person.facts else None,
            "visited": person.visited,
            "version": person.version,
        },
    )


# A field sealed anew has another nonce, so what is remembered of it, which is no more than the mask, is never that of another value.
@lru_cache(maxsize=16_384)
def _mask_of(vault: Vault, field: str, sealed: bytes | None) -> str | None:
    text = open_field(vault, f"person.{field}", sealed)
    return MASKS[field](text) if text else None
