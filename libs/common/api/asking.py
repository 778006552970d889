"""What a route may ask for: the office, a transaction, and the caller with the scopes that the route requires."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request

from libs.common import problems
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.runtime import Office


def office_of(request: Request) -> Office:
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


async def authenticate(
    office: OfficeOf,
    authorization: Annotated[str, Header(description="Bearer token of this node")] = "",
) -> Caller:
    """The caller behind the bearer token, or 401."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise problems.Unauthenticated("缺少令牌 Send `Authorization: Bearer <token>`.", headers={"WWW-Authenticate": "Bearer"})
    return office.home.verifier.verify(token, office.home.clock.now())


def requires(*scopes: str) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, who has all of these scopes; 401 or 403 otherwise."""

    async def check(caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
        caller.check_scopes(scopes)
        return caller

    return check


Anyone = Annotated[Caller, Depends(requires())]
