"""The door to requests for help (求助)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from libs.common.api import (
    After,
    Idempotency,
    IfMatch,
    Limit,
    Page,
    Reading,
    Tx,
    after_id,
    allow,
    answer_once,
    made_at,
    page_of,
)
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.privacy import Vault
from services.retention.operations import help_requests
from services.retention.operations.help_requests import open_text
from services.retention.rules.help_requests import Category, HelpRequest, HelpState
from services.retention.schemas.help_requests import HelpAnswer, HelpAsked, HelpListed, HelpShown
from services.retention.schemas.list_sheets import HELP
from services.retention.store import help_requests as store

router = APIRouter(prefix="/retention/v1", tags=["help 求助"])


@router.get("/help-requests", summary="求助清单 List requests for help")
async def list_help_requests(
    tx: Reading,
    _: Annotated[Caller, allow("retention.help.list")],
    state: HelpState | None = None,
    category: Category | None = None,
    person: UUID | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[HelpListed]:
    """Those of people within the caller's reach, the oldest first; what was written is told one by one."""
    position = after_id(after, HelpListed)
    found = await store.list_help_requests(
        tx, state=state, category=category, person=person, after=position, limit=limit + 1
    )
    return page_of([HelpListed.model_validate(each) for each in found], limit, lambda each: each.id)


export_list(router, "/help-requests.xlsx", list_help_requests, HELP)


@router.post(
    "/help-requests",
    status_code=201,
    responses=made_at("/retention/v1/help-requests/{id}"),
    summary="求助 Ask for help",
)
async def ask_for_help(
    body: HelpAsked, tx: Tx, caller: Annotated[Caller, allow("retention.help.ask")], once: Idempotency
) -> HelpShown:
    """By a labourer for herself, or by an official for somebody within reach."""

    async def create() -> HelpShown:
        asked = await help_requests.ask_for_help(tx, caller, body.person, body.category, body.text)
        return _shown(asked, tx.node.vault)

    answer: HelpShown = await answer_once(tx, once, create)
    return answer


@router.get("/help-requests/{id}", summary="一项求助 One request for help")
async def show_help_request(id: UUID, tx: Tx, _: Annotated[Caller, allow("retention.help.show")]) -> HelpShown:
    """With what was written, and the ETag that an answer needs."""
    found = await store.get_help_request(tx, id)
    tx.trail.note(persons=[found.person], entities=[f"help_request:{id}"])
    return _shown(found, tx.node.vault)


@router.post("/help-requests/{id}/answer", summary="答复求助 Answer a request for help")
async def answer_help(
    id: UUID, body: HelpAnswer, tx: Tx, caller: Annotated[Caller, allow("retention.help.answer")], version: IfMatch
) -> HelpShown:
    """An answer may be put better until the request is closed."""
    return _shown(await help_requests.answer_help(tx, caller, id, body.answer, version=version), tx.node.vault)


@router.post("/help-requests/{id}/close", summary="办结求助 Close a request for help")
async def close_help(
    id: UUID, tx: Tx, caller: Annotated[Caller, allow("retention.help.close")], version: IfMatch
) -> HelpShown:
    """By the one who asked: the person herself, or, where officials asked for her, an official, once it is answered."""
    return _shown(await help_requests.close_help(tx, caller, id, version=version), tx.node.vault)


def _shown(request: HelpRequest, vault: Vault) -> HelpShown:
    told = {name: value for name, value in vars(request).items() if name in HelpShown.model_fields}
    text, answer = (open_text(vault, name, getattr(request, f"{name}_sealed")) for name in ("text", "answer"))
    return HelpShown.model_validate({**told, "text": text, "answer": answer})
