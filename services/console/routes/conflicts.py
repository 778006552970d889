"""Where a phone or the person herself says otherwise than the register (待裁决): both values side by side, and what holds from now on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.pages import go_to
from services.console.routes.people_named import names_of
from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

CONFLICTS = "/registry/v1/sync/conflicts"
# Masked, two of these may look alike while they differ.
REFERENCE = "裁决两种说法"
MASKED = frozenset({"name", "number", "phone", "household_phone", "person_no", "birth_date"})
Said = Annotated[Text, Form(max_length=400)]


@pages.get("/conflicts")
async def list_conflicts(
    visitor: Annotated[Visitor, visits("registry.conflict.list")], decided: Filter = "", source: Filter = ""
) -> Response:
    answer = await visitor.ask_list(CONFLICTS, decided=decided, source=source)
    people = await names_of(visitor, answer.items)
    return await visitor.show_list("conflicts.html", answer, people=people, decided=decided, source=source)


@pages.get("/conflicts/{conflict}")
async def show_conflict(visitor: Annotated[Visitor, visits("registry.conflict.list")], conflict: UUID) -> Response:
    return await _page(visitor, conflict)


@pages.post("/conflicts/{conflict}/reveal")
async def reveal_conflict(visitor: Annotated[Visitor, visits("registry.conflict.reveal")], conflict: UUID) -> Response:
    """The decision is what they are needed for, so nobody types it: purpose and reference say that, and the person can read it."""
    why = {"purpose": "correction", "reference": REFERENCE}
    told = await visitor.send("POST", f"{CONFLICTS}/{conflict}/reveal", why)
    return await _page(visitor, conflict, plain=told) if told.ok else await _page(visitor, conflict, refused=told)


@pages.post("/conflicts/{conflict}/decision")
async def decide_conflict(
    visitor: Annotated[Visitor, visits("registry.conflict.decide")],
    conflict: UUID,
    decision: Said = "",
    reason: Said = "",
    version: Said = "",
) -> Response:
    body = {"decision": decision, **({"reason": reason} if reason else {})}
    done = await visitor.send("POST", f"{CONFLICTS}/{conflict}/decision", body, version=version)
    if not done.ok:
        return await _page(visitor, conflict, refused=done)
    return go_to("/conflicts", said=N_("已裁决，没有采用的值保留在变更记录里。"))


async def _page(
    visitor: Visitor, conflict: UUID, *, plain: Answer | None = None, refused: Answer | None = None
) -> Response:
    answer = await visitor.ask(f"{CONFLICTS}/{conflict}")
    row = answer.data if answer.ok else {}
    people = await names_of(visitor, [row] if row else [])
    values = {each["field"]: each for each in plain.data["fields"]} if plain else {}
    hidden = not values and any(each["field"] in MASKED for each in row.get("fields") or [])
    return visitor.show("conflict.html", answer, refused, people=people, values=values, hidden=hidden)
