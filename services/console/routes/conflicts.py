"""Where a phone or the person herself says otherwise than the register (待裁决): both values side by side, and what holds from now on."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from libs.common.values import Text
from services.console.clients import Answer
from services.console.rendering.words import N_
from services.console.routes.forms import FORMS
from services.console.routes.forms.showing import filled_in
from services.console.routes.pages import go_to
from services.console.routes.people_named import names_of
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.forms import Filled, body_of, errors_by_field

pages = APIRouter(include_in_schema=False)

CONFLICTS = "/registry/v1/sync/conflicts"
# Masked, two of these may look alike while they differ.
REFERENCE = "裁决两种说法"
MASKED = frozenset({"name", "number", "phone", "household_phone", "person_no", "birth_date"})
Said = Annotated[Text, Form(max_length=400)]
# What may be filled in where neither value holds: whatever a correction takes.
_CORRECT = FORMS["/people/{person}/correct"]
THIRD = replace(
    _CORRECT,
    method="POST",
    fields=tuple(
        replace(each, name=f"facts.{each.name}", kind="text" if each.kind == "sealed" else each.kind)
        for each in _CORRECT.fields
    ),
)


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
    request: Request,
    conflict: UUID,
    decision: Said = "",
    reason: Said = "",
    version: Said = "",
) -> Response:
    """The one value, the other, or a third one that was filled in."""
    filled = filled_in(await request.form()) if decision == "value" else {}
    body = {"decision": decision, **({"reason": reason} if reason else {}), **body_of(THIRD, filled)}
    done = await visitor.send("POST", f"{CONFLICTS}/{conflict}/decision", body, version=version)
    if not done.ok:
        return await _page(visitor, conflict, refused=done, filled=filled)
    return go_to("/conflicts", said=N_("已裁决，没有采用的值保留在变更记录里。"))


async def _page(
    visitor: Visitor,
    conflict: UUID,
    *,
    plain: Answer | None = None,
    refused: Answer | None = None,
    filled: Filled = MappingProxyType({}),
) -> Response:
    answer = await visitor.ask(f"{CONFLICTS}/{conflict}")
    row = answer.data if answer.ok else {}
    people = await names_of(visitor, [row] if row else [])
    values = {each["field"]: each for each in plain.data["fields"]} if plain else {}
    hidden = not values and any(each["field"] in MASKED for each in row.get("fields") or [])
    contested = {f"facts.{each['field']}" for each in row.get("fields") or []}
    beside, _ = errors_by_field(THIRD, refused.problem.errors if refused and refused.problem else ())
    return visitor.show(
        "conflict.html",
        answer,
        refused,
        people=people,
        values=values,
        hidden=hidden,
        third=[each for each in THIRD.fields if each.name in contested],
        filled=filled,
        beside=beside,
    )
