"""What a route may ask for: the context of its service, a transaction, and the caller whom the table lets do what the route does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.base import SecurityBase

from libs.common import problems
from libs.common.access.grants import grant
from libs.common.access.policy import POLICY
from libs.common.access.reach import NOTHING, Reach
from libs.common.api.recording import ACTION, CALLER, OPENED, VERIFIED
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.service import ServiceContext

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


async def context_of(request: Request) -> ServiceContext:
    context: ServiceContext = request.app.state.context
    return context


ContextOf = Annotated[ServiceContext, Depends(context_of)]


def reach_of(request: Request) -> Reach:
    """What the table has granted this request so far: nothing, before `allow`."""
    caller: Caller | None = request.scope.get(CALLER)
    return caller.reach if caller else NOTHING


# Asked for when the first statement runs: a route may name its transaction before its caller. The route ends what is opened
# here (`intake`); a dependency that does it by itself costs as much as a statement.
async def open_transaction(request: Request) -> Transaction:
    context: ServiceContext = request.app.state.context
    return _opened(request, context.database.open(lambda: reach_of(request)))


async def open_reading(request: Request) -> Transaction:
    context: ServiceContext = request.app.state.context
    return _opened(request, context.database.open_reading(lambda: reach_of(request)))


def _opened(request: Request, tx: Transaction) -> Transaction:
    request.scope.setdefault(OPENED, []).append(tx)
    return tx


Tx = Annotated[Transaction, Depends(open_transaction)]
Reading = Annotated[Transaction, Depends(open_reading)]


# Declared as a scheme, not as a header, so that generated clients send it.
BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="JWT",
    description="本节点的令牌 A token of this node: `./xieli token`.",
)


async def authenticate(context: ServiceContext, bearer: HTTPAuthorizationCredentials | None) -> Caller:
    """The caller behind the bearer token, or 401."""
    if bearer is None:
        raise problems.Unauthenticated(
            "缺少令牌 Send `Authorization: Bearer <token>`.", headers={"WWW-Authenticate": "Bearer"}
        )
    return context.node.verifier.verify(bearer.credentials, context.node.clock.now())


def authorised(request: Request) -> Caller:
    """Whom the route has let in, known once its own check has passed; 401 before that."""
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None:
        raise problems.Unauthenticated("此操作未确认调用者 Nobody was let in here.")
    return caller


class Allow(SecurityBase):
    """A dependency: the caller, if the table lets the role do this (401, 403 otherwise), with the reach that it grants.

    A security scheme by itself, for every dependency of a dependency costs each answer some tens of microseconds.
    """

    model = BEARER.model
    scheme_name = BEARER.scheme_name

    def __init__(self, action: str):
        POLICY[action]  # a route that names an action without a line does not even load
        self.action = action

    async def __call__(self, request: Request) -> Caller:
        scope, context = request.scope, request.app.state.context
        if scope.get(ACTION) != self.action:
            caller = scope.get(VERIFIED) or await authenticate(context, await BEARER(request))
            scope[CALLER], scope[ACTION] = grant(caller, self.action, context.node.code), self.action
        granted: Caller = scope[CALLER]
        return granted


def allow(action: str) -> Any:
    """The reach of the grant holds for every statement of the request's transaction, in the queries and in the database."""
    return Depends(Allow(action))


def open_to_all(endpoint: Endpoint) -> Endpoint:
    """Marks a route that asks nobody who they are, because it tells nothing of anybody (health, keys, the sign-in page)."""
    endpoint.action = OPEN  # type: ignore[attr-defined]
    return endpoint


OPEN = "open"
