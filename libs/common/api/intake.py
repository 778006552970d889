"""What happens before a body is read (先验身份，再收内容): who is asking, what kind of body, how much of it.

FastAPI reads the body of a request before it runs the dependencies that ask for a token, so every operation is served by
`GuardedRoute`, which runs those dependencies first. Which operations ask for one is read from the operations themselves.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import solve_dependencies
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase

from libs.common.api.answers import Telling
from libs.common.api.bodies import Reader, reader_of
from libs.common.api.bounded_body import announces_body
from libs.common.api.queries import check_query, parameters_of
from libs.common.api.recording import AFTERWARDS, close_badly, close_well

Guard = TypeVar("Guard", bound=Callable[..., Any])

# What anybody may send without being known.
OPEN_BYTES = 64 * 1024


def guard(dependency: Guard) -> Guard:
    """Marks a dependency that finds out who is asking by something other than a declared security scheme (a cookie)."""
    dependency.guards = True  # type: ignore[attr-defined]
    return dependency


@dataclass(frozen=True)
class Intake:
    """One operation's rule: the dependencies that must let the caller in, then how its body is read."""

    guards: tuple[Dependant, ...]
    parameters: tuple[str, ...] | None
    reader: Reader
    takes_body: bool

    async def __call__(self, request: Request) -> Request:
        if self.parameters is not None and request.scope["query_string"]:
            check_query(request.query_params, self.parameters)
        headers = dict(request.scope["headers"])
        if not (self.takes_body or announces_body(headers)):
            return request
        for each in self.guards:
            await _run(each, request)
        return await self.reader(request, headers)


class GuardedRoute(APIRoute):
    """An operation behind its intake, whose answers say where they stand."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handler, telling = super().get_route_handler(), Telling.of(self)

        async def handle(request: Request) -> Response:
            intake: Intake = request.app.state.intakes[id(self)]
            try:
                answer = telling.tell(await handler(await intake(request)))
                await close_well(request)
                later = request.scope.get(AFTERWARDS)
                return telling.tell(await later()) if later else answer
            except BaseException as error:
                await close_badly(request, error)
                raise

        return handle


def guard_routes(routers: Iterable[APIRouter]) -> None:
    """Serve every operation of these routers by a guarded route, however it was declared; before they are included."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.__class__ = GuardedRoute


def open_intakes(app: FastAPI, *, json_bytes: int, file_bytes: int) -> None:
    """Derive each operation's intake from its dependencies and its body; an operation without a guarded route is a fault."""
    app.state.intakes = {}
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            if not isinstance(route, GuardedRoute):
                raise TypeError(f"{context.path} would read a body before it knows who is asking")
            asked = tuple(parameters_of(context.dependant)) if route.include_in_schema else None
            app.state.intakes[id(route)] = intake_of(
                context.dependant, asked, context.body_field, json_bytes, file_bytes
            )


def intake_of(
    operation: Dependant, parameters: tuple[str, ...] | None, body: Any, json_bytes: int, file_bytes: int
) -> Intake:
    """The intake of one operation; one that asks nobody who they are takes no more than a sign-in form."""
    guards = tuple(_guards(operation))
    limits = (json_bytes, file_bytes) if guards else (OPEN_BYTES, OPEN_BYTES)
    return Intake(guards, parameters, reader_of(operation, body, *limits), body is not None)


def _guards(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        asks = (each, *each.dependencies)
        if getattr(each.call, "guards", False) or any(isinstance(one.call, SecurityBase) for one in asks):
            yield each
        yield from _guards(each)


async def _run(dependant: Dependant, request: Request) -> None:
    """A dependency with all that it needs, outside of the operation; it refuses by raising a problem."""
    assert dependant.call is not None
    if isinstance(dependant.call, SecurityBase):  # it needs the request and nothing else
        await dependant.call(request)
        return
    async with AsyncExitStack() as stack:
        solved = await solve_dependencies(
            request=request, dependant=dependant, async_exit_stack=stack, embed_body_fields=False
        )
        if not solved.errors:
            await dependant.call(**solved.values)
