"""Partner systems as pages (合作系统): a list and forms before the same HTTP address that programs use, asked in the operator's name."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from pydantic import Strict, StringConstraints

from libs.common.access.policy import POLICY, Action
from libs.common.api.json_body import parse_json
from libs.common.values import Kind, Text, Token
from services.console.clients import Answer
from services.console.routes.session import Filter, Visitor, visits
from services.console.rules.regions import read_regions
from services.console.rules.systems import grantable

pages = APIRouter(include_in_schema=False)

Field = Annotated[Text, Form(max_length=400)]
Scopes = Annotated[list[Token], Form(default_factory=list, max_length=100)]
# A JWK Set as it was pasted, with its line breaks; the JSON reader and the service judge it.
Pasted = Annotated[str, Strict(), StringConstraints(max_length=20_000), Kind("json text"), Form()]
SYSTEMS = "/console/v1/systems"


@pages.get("/systems")
async def list_systems(visitor: Annotated[Visitor, visits("console.system.list")], closed: Filter = "") -> Response:
    return await _list_page(visitor, closed)


@pages.post("/systems")
async def register_system(
    visitor: Annotated[Visitor, visits("console.system.register")],
    name: Field,
    jwks: Pasted,
    scopes: Scopes,
    regions: Field = "",
    organisation: Field = "",
) -> Response:
    body = {
        "name": name,
        "organisation": organisation,
        "regions": read_regions(regions, visitor.context.node.code),
        "scopes": scopes,
        "jwks": parse_json(jwks.encode("utf-8", "replace")),
    }
    made = await visitor.send("POST", SYSTEMS, body)
    return (
        RedirectResponse(f"/systems/{made.data['id']}", status_code=303)
        if made.ok
        else await _list_page(visitor, "", made)
    )


@pages.post("/systems/tokens")
async def revoke_token(
    visitor: Annotated[Visitor, visits("console.token.revoke")], token: Annotated[Token, Form()]
) -> Response:
    """Of anybody, by its id."""
    done = await visitor.send("DELETE", f"/console/v1/tokens/{token}")
    return RedirectResponse("/systems", status_code=303) if done.ok else await _list_page(visitor, "", done)


@pages.get("/systems/{system}")
async def show_system(visitor: Annotated[Visitor, visits("console.system.show")], system: UUID) -> Response:
    return await _system_page(visitor, system)


@pages.post("/systems/{system}")
async def change_system(
    visitor: Annotated[Visitor, visits("console.system.change")],
    system: UUID,
    version: Field,
    name: Field,
    scopes: Scopes,
    regions: Field = "",
    organisation: Field = "",
) -> Response:
    places = read_regions(regions, visitor.context.node.code)
    body = {"name": name, "organisation": organisation, "regions": places, "scopes": scopes}
    return await _done(visitor, system, await visitor.send("PATCH", f"{SYSTEMS}/{system}", body, version=version))


@pages.post("/systems/{system}/jwks")
async def rekey_system(
    visitor: Annotated[Visitor, visits("console.system.rekey")], system: UUID, version: Field, jwks: Pasted
) -> Response:
    body = parse_json(jwks.encode("utf-8", "replace"))
    return await _done(visitor, system, await visitor.send("PUT", f"{SYSTEMS}/{system}/jwks", body, version=version))


@pages.post("/systems/{system}/close")
async def close_system(
    visitor: Annotated[Visitor, visits("console.system.close")], system: UUID, reason: Field = ""
) -> Response:
    return await _done(visitor, system, await visitor.send("POST", f"{SYSTEMS}/{system}/close", {"reason": reason}))


async def _done(visitor: Visitor, system: UUID, answer: Answer) -> Response:
    """Back to the system; or the system with what was refused."""
    return (
        RedirectResponse(f"/systems/{system}", status_code=303)
        if answer.ok
        else await _system_page(visitor, system, answer)
    )


async def _list_page(visitor: Visitor, closed: str, refused: Answer | None = None) -> Response:
    answer = await visitor.ask_list(SYSTEMS, closed=closed)
    return await visitor.show_list("systems.html", answer, refused, closed=closed, actions=_actions())


async def _system_page(visitor: Visitor, system: UUID, refused: Answer | None = None) -> Response:
    answer = await visitor.ask(f"{SYSTEMS}/{system}")
    return visitor.show("system.html", answer, refused, actions=_actions())


def _actions() -> list[Action]:
    return [POLICY[name] for name in grantable()]
