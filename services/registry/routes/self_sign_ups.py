"""The door to sign-up without an account (扫码报名): given by the node's own page alone, dealt with by a desk."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from libs.common.api import After, Limit, Page, Reading, Tx, after_id, allow, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.masks import mask_name, mask_phone, year_end
from libs.common.privacy import Vault
from services.registry.operations import self_sign_ups
from services.registry.operations.self_sign_ups import open_given
from services.registry.routes.labourers import show_masked
from services.registry.rules.self_sign_ups import SelfSignUp, SelfSignUpState
from services.registry.schemas.list_sheets import SELF_SIGN_UPS
from services.registry.schemas.self_sign_ups import (
    SelfSignUpFound,
    SelfSignUpNew,
    SelfSignUpSettled,
    SelfSignUpShown,
    SelfSignUpTaken,
)
from services.registry.store import self_sign_ups as store

router = APIRouter(prefix="/registry/v1/fairs/{fair}/self-sign-ups", tags=["self sign-ups"])


@router.post("", summary="扫码报名 Sign up without an account")
async def give_self_sign_up(
    caller: Annotated[Caller, allow("registry.self_sign_up.give")], tx: Tx, fair: UUID, body: SelfSignUpNew
) -> SelfSignUpTaken:
    """For the node's own page. Given again it is there once; the answer is the same for everybody."""
    await self_sign_ups.give_self_sign_up(tx, fair, **body.model_dump())
    return SelfSignUpTaken()


@router.get("", summary="扫码报名清单 List sign-ups without an account")
async def list_self_sign_ups(
    caller: Annotated[Caller, allow("registry.self_sign_up.list")],
    tx: Reading,
    fair: UUID,
    state: Annotated[
        SelfSignUpState | None, Query(description="those that wait for a desk, or were dealt with")
    ] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[SelfSignUpShown]:
    """Masked, in the order in which they were given."""
    rows = await store.list_self_sign_ups(
        tx, fair, state=state, after=after_id(after, SelfSignUpShown), limit=limit + 1
    )
    return page_of([_shown(each, tx.node.vault) for each in rows], limit, lambda each: each.id)


export_list(router, ".xlsx", list_self_sign_ups, SELF_SIGN_UPS)


@router.get("/{sign_up}", summary="一条扫码报名 One sign-up with whom it may be")
async def show_self_sign_up(
    caller: Annotated[Caller, allow("registry.self_sign_up.show")], tx: Tx, fair: UUID, sign_up: UUID
) -> SelfSignUpFound:
    """Those of the register whose number ends so, masked, and which of them have that name; on record like a search."""
    found = await self_sign_ups.find_candidates(tx, fair, sign_up)
    today = tx.node.today()
    candidates = [show_masked(each, tx.node.vault, today, year_end(today)) for each in found.candidates]
    shown = _shown(found.sign_up, tx.node.vault)
    return SelfSignUpFound(**shown.model_dump(), candidates=candidates, named=sorted(found.named))


@router.post("/{sign_up}/settle", summary="处理扫码报名 Say who it is, or let it go")
async def settle_self_sign_up(
    caller: Annotated[Caller, allow("registry.self_sign_up.settle")],
    tx: Tx,
    fair: UUID,
    sign_up: UUID,
    body: SelfSignUpSettled,
) -> SelfSignUpShown:
    """What was given is taken away with it. The same again is answered the same; another decision is 409."""
    return _shown(await self_sign_ups.settle_self_sign_up(tx, fair, sign_up, body.person), tx.node.vault)


def _shown(one: SelfSignUp, vault: Vault) -> SelfSignUpShown:
    told = {name: value for name, value in vars(one).items() if name in SelfSignUpShown.model_fields}
    name, phone = open_given(vault, one, "name"), open_given(vault, one, "phone")
    return SelfSignUpShown(**told, name=mask_name(name) if name else None, phone=mask_phone(phone) if phone else None)
