"""The door to guests, masked: names are asked for one by one, with a purpose (`reveals`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.masks import age_band, mask_name, mask_number, mask_phone
from libs.common.privacy import Vault
from services.registry.operations.sealing import open_field
from services.registry.rules.guests import Guest
from services.registry.schemas import GuestShown
from services.registry.schemas.list_sheets import GUESTS
from services.registry.store import guests

router = APIRouter(prefix="/registry/v1", tags=["guests"])


@router.get("/guests", summary="外来务工人员 List guests")
async def list_guests(
    caller: Annotated[Caller, allow("registry.guest.list")],
    tx: Reading,
    after: After = None,
    limit: Limit = 50,
    introduction: Annotated[UUID | None, Query(description="who came with one introduction or application")] = None,
) -> Page[GuestShown]:
    """Guests of this node in the order of arrival: a city's officer all, an origin's officer the own people, an employer its own."""
    found = await guests.list_guests(tx, after=after_id(after, GuestShown), limit=limit + 1, introduction=introduction)
    shown = [_shown(each, tx.node.vault, tx.node.today(), caller) for each in found]
    return page_of(shown, limit, lambda each: each.id)


export_list(router, "/guests.xlsx", list_guests, GUESTS)


@router.get("/guests/{guest}", summary="一位外来务工人员 One guest")
async def show_guest(caller: Annotated[Caller, allow("registry.guest.show")], tx: Reading, guest: UUID) -> GuestShown:
    """One guest; 404 for whoever may not see this one."""
    found = await guests.get_guest(tx, guest)
    return _shown(found, tx.node.vault, tx.node.today(), caller)


def _shown(guest: Guest, vault: Vault, today: date, caller: Caller) -> GuestShown:
    name, number, phone = (
        open_field(vault, f"guest.{field}", getattr(guest, f"{field}_sealed")) for field in ("name", "number", "phone")
    )
    masked = {
        "name": mask_name(name),
        "number": mask_number(number) if "number" in caller.fields else None,
        "phone": mask_phone(phone) if phone else None,
        "age_band": age_band(guest.birth_date, today),
    }
    came_for = {"vacancy": None} if guest.course else {}
    return GuestShown.model_validate(vars(guest) | masked | came_for)
