"""What a route may ask for: the office, a transaction, and the caller with the scopes that the route requires."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from libs.common import problems
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.runtime import Office


async def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


OfficeOf = Annotated[Office, Depends(office_of)]


async def open_transaction(office: OfficeOf) -> AsyncIterator[Transaction]:
    async with office.database.transaction() as tx:
        yield tx


async def open_reading(office: OfficeOf) -> AsyncIterator[Transaction]:
    async with office.database.reading() as tx:
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


CALLER = "xieli.caller"


def authorised(request: Request) -> Caller:
    """Whom the route has let in, known once its own check has passed; 401 before that."""
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None:
        raise problems.Unauthenticated("此操作未确认调用者 Nobody was let in here.")
    return caller


def requires(*scopes: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, who has all of these scopes; 401 or 403 otherwise."""

    # Asks for the office by itself: every dependency of a dependency costs each answer some tens of microseconds.
    async def check(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> Caller:
        caller = await authenticate(request.app.state.office, bearer)
        caller.check_scopes(scopes)
        request.scope[CALLER] = caller
        return caller

    return check


Anyone = Annotated[Caller, Depends(requires())]
