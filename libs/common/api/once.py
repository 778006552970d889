"""Creations that may be repeated: the Idempotency-Key and the answer kept with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text

from libs.common import problems
from libs.common.api.asking import authorised
from libs.common.api.remembering import note_made
from libs.common.database import Transaction, to_json
from libs.common.housekeeping import ANSWERS_KEPT_FOR
from libs.common.values import Token

_PART = 256 * 1024


class KeyReused(problems.Invalid):
    title = "幂等键已用于其他内容 Idempotency key used for another request"


@dataclass(frozen=True)
class Once:
    """An Idempotency-Key, a digest of the request it came with, and the request, which knows whom the route has let in."""

    asked: Request
    key: str | None
    request: bytes

    @property
    def owner(self) -> str:
        """Whose key it is: two roles, firms or issuers of one name never meet each other's answers. 401 where nobody was let in."""
        caller = authorised(self.asked)
        return json.dumps([caller.issuer, caller.subject, caller.role, caller.organisation], ensure_ascii=False)


async def idempotency(
    request: Request,
    idempotency_key: Annotated[Token | None, Header(description="Repeat a creation safely with the same key")] = None,
) -> Once:
    digest = hashlib.sha256(f"{request.method} {request.url.path}\0".encode())
    if idempotency_key:
        async for part in _content(request):
            digest.update(part)
    return Once(request, idempotency_key, digest.digest())


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


Idempotency = Annotated[Once, Depends(idempotency)]

_CLAIM = """
INSERT INTO idempotency (caller, key, request, created_at) VALUES (:caller, :key, :request, :now)
ON CONFLICT (caller, key) DO UPDATE SET request = :request, created_at = :now, status = NULL, body = NULL
WHERE idempotency.created_at < :expired RETURNING true
"""
_KEPT = "SELECT request, status, body FROM idempotency WHERE caller = :caller AND key = :key"
_KEEP = "UPDATE idempotency SET status = :status, body = CAST(:body AS jsonb) WHERE caller = :caller AND key = :key"


async def answer_once(tx: Transaction, once: Once, create: Callable[[], Awaitable[BaseModel]], *, status: int = 201) -> Any:
    """Create, or give the kept answer again for a repeated key (422 when the request differs). Same transaction as the write.

    A concurrent request with the same key waits for the first one's commit.
    """
    if once.key is None:
        return note_made(tx, await create())
    mine, now = {"caller": once.owner, "key": once.key}, tx.home.clock.now()
    if not (await tx.execute(text(_CLAIM), {**mine, "request": once.request, "now": now, "expired": now - ANSWERS_KEPT_FOR})).scalar():
        kept = (await tx.execute(text(_KEPT), mine)).one()
        if kept.request != once.request:
            raise KeyReused("请为新内容换一个键 Use a new key for another request.")
        return JSONResponse(kept.body, status_code=kept.status, headers={"Idempotent-Replayed": "true"})
    answer = note_made(tx, await create())
    await tx.execute(text(_KEEP), {**mine, "status": status, "body": to_json(answer.model_dump(mode="json", by_alias=True))})
    return answer
