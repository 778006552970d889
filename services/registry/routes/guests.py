"""The door to guests, masked: names are asked for one by one, with a purpose (`reveals`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Row

from libs.common.api import After, Limit, Page, Reading, after_id, allow, page_of
from libs.common.identity import Caller
from libs.common.masks import age_band, mask_name, mask_number, mask_phone
from libs.common.privacy import Vault
from services.registry.operations import guests
from services.registry.operations.sealing import open_field
from services.registry.schemas import GuestShown

router = APIRouter(prefix="/registry/v1", tags=["guests"])


@router.get("/guests", summary="外来务工人员 List guests")
async def list_guests(
    caller: Annotated[Caller, allow("registry.guest.list")], tx: Reading, after: After = None, limit: Limit = 50
) -> Page[GuestShown]:
    """Guests of this node in the order of arrival: a city's officer all, an origin's officer the own people, an employer its own."""
    rows = await guests.list_guests(tx, after=after_id(after, GuestShown), limit=limit + 1)
    shown = [_shown(row, tx.node.vault, tx.node.today(), caller) for row in rows]
    return page_of(shown, limit, lambda each: each.id)


@router.get("/guests/{guest}", summary="一位外来务工人员 One guest")
async def show_guest(caller: Annotated[Caller, allow("registry.guest.show")], tx: Reading, guest: UUID) -> GuestShown:
    """One guest; 404 for whoever may not see this one."""
    row = await guests.show_guest(tx, guest)
    return _shown(row, tx.node.vault, tx.node.today(), caller)


_STORED = (
    "id",
    "introduction",
    "county",
    "vacancy",
    "sex",
    "ethnic_group",
    "education",
    "consent",
    "consent_on",
    "received_on",
)


def _shown(row: Row[Any], vault: Vault, today: date, caller: Caller) -> GuestShown:
    name, number, phone = (
        open_field(vault, f"guest.{field}", getattr(row, f"{field}_sealed")) for field in ("name", "number", "phone")
    )
    stored = {field: getattr(row, field) for field in _STORED}
    return GuestShown(
        **stored,
        name=mask_name(name),
        number=mask_number(number) if "number" in caller.fields else None,
        phone=mask_phone(phone) if phone else None,
        age_band=age_band(row.birth_date, today),
    )
