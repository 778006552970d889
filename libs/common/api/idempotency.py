"""Creations that may be repeated: the Idempotency-Key and the answer kept with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from libs.common import problems
from libs.common.api.dependencies import authorised
from libs.common.api.recording import note_made
from libs.common.database import Transaction
from libs.common.values import Token

_PART = 256 * 1024


class KeyReused(problems.Invalid):
    title = "幂等键已用于其他内容 Idempotency key used for another request"


@dataclass(frozen=True)
class IdempotentRequest:
    """An Idempotency-Key, a digest of the request it came with, and the request, which knows whom the route has let in."""

    asked: Request
    key: str | None
    request: bytes

    @property
    def owner(self) -> str:
        """Whose key it is: two roles, firms or issuers of one name never meet each other's answers. 401 where nobody was let in."""
        caller = authorised(self.asked)
        return json.dumps([caller.issuer, caller.subject, caller.role, caller.organisation], ensure_ascii=False)

    @property
    def kept_for(self) -> timedelta:
        """How long the key belongs to this request."""
        return timedelta(days=self.asked.app.state.context.settings.idempotency_days)


async def idempotency(
    request: Request,
    idempotency_key: Annotated[Token | None, Header(description="Repeat a creation safely with the same key")] = None,
) -> IdempotentRequest:
    digest = hashlib.sha256(f"{request.method} {request.url.path}\0".encode())
    if idempotency_key:
        async for part in _content(request):
            digest.update(part)
    return IdempotentRequest(request, idempotency_key, digest.digest())


async def _content(request: Request) -> AsyncIterator[bytes]:
    if not request.headers.get("content-type", "").startswith("multipart/"):
        yield await request.body()
        return
    for name, value in (await request.form()).multi_items():
        yield name.encode()
        if isinstance(value, str):
            yield value.encode()
        else:
            while part := await value.read(_PART):
                yield part
            await value.seek(0)


Idempotency = Annotated[IdempotentRequest, Depends(idempotency)]

_CLAIM = """
INSERT INTO idempotency (caller, key, request, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (caller, key) DO UPDATE SET request = $3, created_at = $4, status = NULL, body = NULL
WHERE idempotency.created_at < $5 RETURNING true
"""
_KEPT = "SELECT request, status, body FROM idempotency WHERE caller = $1 AND key = $2"
_KEEP = "UPDATE idempotency SET status = $1, body = $2::text::jsonb WHERE caller = $3 AND key = $4"


async def answer_once(
    tx: Transaction, once: Idempotency, create: Callable[[], Awaitable[BaseModel]], *, status: int = 201
) -> Any:
    """Create, or give the kept answer again for a repeated key (422 when the request differs). Same transaction as the write.

    A concurrent request with the same key waits for the first one's commit.
    """
    if once.key is None:
        return note_made(tx, await create())
    mine, now, connection = (once.owner, once.key), tx.node.clock.now(), await tx.raw()
    if not await connection.fetchval(_CLAIM, *mine, once.request, now, now - once.kept_for):
        return _kept(once, await connection.fetchrow(_KEPT, *mine))
    answer = note_made(tx, await create())
    await connection.execute(_KEEP, status, answer.model_dump_json(by_alias=True), *mine)
    return answer


def _kept(once: Idempotency, kept: Any) -> JSONResponse:
    if kept["request"] != once.request:
        raise KeyReused("请为新内容换一个键 Use a new key for another request.")
    return JSONResponse(kept["body"], status_code=kept["status"], headers={"Idempotent-Replayed": "true"})
