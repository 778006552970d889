"""The door remembers (留痕): whoever calls what changes something leaves one record, in the transaction of the change itself.

No route has to think of it: the transaction that a route asks for closes with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from libs.common.database import ReadTransaction, Transaction
from libs.common.identity import Caller

# In the scope of a request: whose token it came with; who was let in, with the reach granted, for which action.
VERIFIED, CALLER, ACTION = "xieli.verified", "xieli.caller", "xieli.action"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NOBODY = Caller("-", "", "", (), "")
Answer = TypeVar("Answer", bound=BaseModel)


# In the scope of a request: the transactions that were opened for it.
OPENED = "xieli.opened"


# In the scope of a request: what is still waited for when all that it wrote is committed.
AFTERWARDS = "xieli.afterwards"


def afterwards(request: Request, wait: Callable[[], Awaitable[Response]]) -> None:
    """Once everything is committed, wait for this; its answer takes the place of the route's own."""
    request.scope[AFTERWARDS] = wait


async def close_well(request: Request) -> None:
    """Before the answer leaves: a commit that fails is never a 201."""
    for tx in request.scope.get(OPENED, ()):
        if not isinstance(tx, ReadTransaction):
            remember(request, tx)
        await tx.commit()


async def close_badly(request: Request, because: BaseException) -> None:
    for tx in request.scope.get(OPENED, ()):
        await tx.roll_back(because)


def remember(request: Request, tx: Transaction) -> None:
    """One record of this call, unless it only read and nothing was noted of it."""
    if request.method in SAFE and not tx.trail.noted:
        return
    caller: Caller = request.scope.get(CALLER) or NOBODY
    asked = request.path_params
    tx.trail.note(
        entities=[f"{name}:{value}" for name, value in asked.items()],
        persons=[UUID(asked["person"])] if "person" in asked else (),
    )
    tx.trail.sign(
        f"{request.app.state.context.service.name}.{request.scope['route'].name}",
        tx.node.clock.now(),
        actor=caller.subject,
        role=caller.role,
        organisation=caller.organisation,
        purpose=caller.purpose,
    )


def note_made(tx: Transaction, answer: Answer) -> Answer:
    """What a creation has made, by its id."""
    made = getattr(answer, "id", None)
    if made is not None:
        tx.trail.note(entities=[f"id:{made}"])
    return answer
