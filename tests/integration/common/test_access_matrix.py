"""Every route × every role × own region, neighbour, no token, another node's, expired, revoked, wrong audience: as the table says, and nothing typed here."""

from __future__ import annotations

import importlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.postgres import SERVICES
from libs.common.access.policy import POLICY, ROLES
from libs.common.api.application import create_api
from libs.common.api.dependencies import OPEN
from libs.common.identity import Caller
from libs.common.node import NodeContext
from libs.common.service import Service, ServiceContext
from libs.common.tokens import TYPE, Revoked
from tests.support.nodes import Nodes

NODE, NEIGHBOUR = "n433124", "n433126"
FIRM = "91440300MA5D8C1X2T"
# What a token of each kind of role names, at the own node and at the neighbour's.
BOUND = {"township": {NODE: ["433124:花垣镇"], NEIGHBOUR: ["433126:古阳镇"]}}


@dataclass(frozen=True)
class Door:
    """One operation: how it is asked, and the action it names."""

    method: str
    path: str
    action: str | None
    page: bool


def action_of(route: APIRoute, dependant: Dependant) -> str | None:
    """The action a route names by its dependencies, or that it is open to all; None: it names none."""
    named = getattr(route.endpoint, "action", None) or getattr(dependant.call, "action", None)
    return named or next((found for each in dependant.dependencies if (found := action_of(route, each))), None)


def doors(app: FastAPI) -> Iterator[Door]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            for method in sorted(context.methods or route.methods):
                yield Door(method, str(context.path), action_of(route, context.dependant), not route.include_in_schema)


def service_of(name: str) -> Service:
    found: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return found


@pytest.fixture
async def context(request: pytest.FixtureRequest, nodes: Nodes) -> ServiceContext:
    return await nodes.open(service_of(request.param), NODE)


every_service = pytest.mark.parametrize("context", SERVICES, indirect=True)


@every_service
async def test_every_route_names_an_action_of_the_table(context: ServiceContext) -> None:
    """A route without a line fails here; whoever is open to all says so on itself."""
    assert [door for door in doors(create_api(context)) if door.action != OPEN and door.action not in POLICY] == []


async def test_every_line_of_the_table_is_named_by_a_route(nodes: Nodes) -> None:
    named = {door.action for name in SERVICES for door in doors(create_api(await nodes.open(service_of(name), NODE)))}
    # Looked up inside of a route that has another line as well.
    assert POLICY.keys() - named <= {
        "node.event.read_addressed",
        "node.event.read_counts",
        "console.page.show",
        "console.figures.show",
    }


def token(home: NodeContext, role: str, of: str, **more: Any) -> str:
    """A token that this node issues to somebody of a node's region; for a person, with an id of the register."""
    regions = BOUND.get(ROLES[role].bound_to, {}).get(of, [of[1:]])
    return home.signer.issue(
        home.clock.now(), subject=str(uuid4()), role=role, regions=regions, organisation=FIRM, **more
    )


def forged(context: ServiceContext, **other: str) -> str:
    """What somebody with the node's own key could make: a token that is right but for these claims."""
    now = int(context.node.clock.now().timestamp())
    claims = {
        "iss": NODE,
        "aud": NODE,
        "sub": "a",
        "role": "officer",
        "regions": [NODE[1:]],
        "iat": now,
        "exp": now + 600,
        "jti": "a",
        **other,
    }
    key = ECKey.import_key(json.loads((context.settings.keys / "sign.jwk").read_text()))
    return jwt.encode({"alg": "ES256", "kid": str(key.kid), "typ": TYPE}, claims, key)


def expected(action: str, role: str, of: str, scopes: Collection[str] = ()) -> bool:
    """Whether the table lets somebody in: the role has a cell, a system's token names the action, and the region is the caller's."""
    cell = POLICY[action].cells.get(role)
    if cell is None or (ROLES[role].bound_to == "scope" and action not in scopes):
        return False
    return of == NODE or cell.reach not in ("node", "counts", "townships")


def narrowed(action: str) -> dict[str, frozenset[str]]:
    """Scopes of a system at a door: what it needs alone, everything else, a name like it, all there is."""
    everything = frozenset(POLICY)
    return {
        "this": frozenset({action}),
        "all others": everything - {action},
        "a name like it": frozenset({f"{action}s", action.upper()}),
        "all": everything,
    }


async def ask(client: httpx.AsyncClient, door: Door, bearer: str | None) -> int:
    path = door.path
    while "{" in path:
        path = path.split("{", 1)[0] + str(uuid4()) + path.split("}", 1)[1]
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return (await client.request(door.method, path, headers=headers)).status_code


def unlimited(context: ServiceContext) -> FastAPI:
    """The application with a limit that thousands of questions at once do not meet."""
    context.settings = context.settings.model_copy(
        update={"limit_caller": "1000000 per 1 second", "limit_address": "1000000 per 1 second"}
    )
    return create_api(context)


@every_service
async def test_every_door_lets_in_whom_the_table_lets_in_and_nobody_else(context: ServiceContext, nodes: Nodes) -> None:
    app, home = unlimited(context), context.node
    there = (await nodes.open(service_of("jobs"), NEIGHBOUR)).node
    bad = {
        "no token": None,
        "another node's": token(there, "officer", NEIGHBOUR),
        "no token at all": "x.y.z",
        "wrong audience": forged(context, aud=NEIGHBOUR),
        "wrong issuer": forged(context, iss=NEIGHBOUR),
        "expired": home.signer.issue(
            home.clock.now() - timedelta(hours=13),
            subject="a",
            role="officer",
            regions=["433124"],
            lifetime=timedelta(hours=1),
        ),
    }
    taken = home.verifier.verify(revoked := token(home, "officer", NODE), home.clock.now())
    home.verifier.revoked["here"] = Revoked({taken.token_id})
    bad["revoked"] = revoked
    held = {(role, of): token(home, role, of) for role in ROLES for of in (NODE, NEIGHBOUR)}
    wrong: list[tuple[Door, str, int]] = []
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://node") as client:
        for door in doors(app):
            if door.page or door.action == OPEN or door.action is None:
                continue
            wrong += [
                (door, name, status)
                for name, bearer in bad.items()
                if (status := await ask(client, door, bearer)) != 401
            ]
            for (role, of), bearer in held.items():
                status = await ask(client, door, bearer)
                if (status not in (401, 403)) != expected(door.action, role, of) or status >= 500:
                    wrong.append((door, f"{role} of {of}", status))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"


@every_service
async def test_a_system_is_let_in_by_what_its_token_names_within_what_the_table_gives_it(
    context: ServiceContext,
) -> None:
    """Every door × the scopes of a token: neither the table alone nor the scope alone opens anything."""
    app, home = unlimited(context), context.node
    wrong: list[tuple[Door, str, int]] = []
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://node"
    ) as client:
        for door in doors(app):
            if door.page or door.action == OPEN or door.action is None:
                continue
            for role, (name, scopes) in product(("system", "analyst"), narrowed(door.action).items()):
                status = await ask(client, door, token(home, role, NODE, scopes=sorted(scopes)))
                if (status not in (401, 403)) != expected(door.action, role, NODE, scopes) or status >= 500:
                    wrong.append((door, f"{role}: {name}", status))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"


@every_service
async def test_pages_show_the_door_to_whoever_has_no_session(context: ServiceContext) -> None:
    app = unlimited(context)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://node", headers={"Origin": "http://node"}
    ) as client:
        inside = [door for door in doors(app) if door.page and door.action != OPEN]
        assert [(door, status) for door in inside if (status := await ask(client, door, None)) not in (303, 401)] == []


def test_a_caller_without_a_line_has_no_reach() -> None:
    assert Caller("a", "", "officer", ("433124",), NODE).reach.kind == "nothing"
