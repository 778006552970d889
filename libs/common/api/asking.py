"""What a route may ask for: the office, a transaction, and the caller whom the table lets do what the route does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from libs.common import problems
from libs.common.access.grants import grant
from libs.common.access.policy import POLICY
from libs.common.access.reach import NOTHING, Reach
from libs.common.api.remembering import CALLER, remember
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.runtime import Office

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


async def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


OfficeOf = Annotated[Office, Depends(office_of)]


def reach_of(request: Request) -> Reach:
    """What the table has granted this request so far: nothing, before `allow`."""
    caller: Caller | None = request.scope.get(CALLER)
    return caller.reach if caller else NOTHING


# Asked for when the first statement runs: a route may name its transaction before its caller.
async def open_transaction(request: Request) -> AsyncIterator[Transaction]:
    office: Office = request.app.state.office
    async with office.database.transaction(lambda: reach_of(request)) as tx:
        yield tx
        remember(request, tx)


async def open_reading(request: Request) -> AsyncIterator[Transaction]:
    office: Office = request.app.state.office
    async with office.database.reading(lambda: reach_of(request)) as tx:
        yield tx


# The function scope commits before the answer leaves, so a commit that fails is never a 201.
Tx = Annotated[Transaction, Depends(open_transaction, scope="function")]
Reading = Annotated[Transaction, Depends(open_reading, scope="function")]


# Declared as a scheme, not as a header, so that generated clients send it.
BEARER = HTTPBearer(auto_error=False, scheme_name="token", bearerFormat="JWT", description="本节点的令牌 A token of this node: `./xieli token`.")


async def authenticate(office: Office, bearer: HTTPAuthorizationCredentials | None) -> Caller:
    """The caller behind the bearer token, or 401."""
    if bearer is None:
        raise problems.Unauthenticated("缺少令牌 Send `Authorization: Bearer <token>`.", headers={"WWW-Authenticate": "Bearer"})
    return office.home.verifier.verify(bearer.credentials, office.home.clock.now())


def authorised(request: Request) -> Caller:
    """Whom the route has let in, known once its own check has passed; 401 before that."""
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None:
        raise problems.Unauthenticated("此操作未确认调用者 Nobody was let in here.")
    return caller


def allow(action: str) -> Any:
    """A dependency: the caller, if the table lets the role do this (401, 403 otherwise), with the reach that it grants.

    The reach holds for every statement of the request's transaction, in the queries and in the database.
    """
    POLICY[action]  # a route that names an action without a line does not even load

    # Asks for the office by itself: every dependency of a dependency costs each answer some tens of microseconds.
    async def check(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Caller:
        office: Office = request.app.state.office
        caller = grant(await authenticate(office, bearer), action, office.home.code)
        request.scope[CALLER] = caller
        return caller

    check.action = action  # type: ignore[attr-defined]
    return Depends(check)


def open_to_all(endpoint: Endpoint) -> Endpoint:
    """Marks a route that asks nobody who they are, because it tells nothing of anybody (health, keys, the sign-in page)."""
    endpoint.action = OPEN  # type: ignore[attr-defined]
    return endpoint


OPEN = "open"
