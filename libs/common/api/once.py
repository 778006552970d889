"""Creations that may be repeated: the Idempotency-Key and the answer kept with it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text

from libs.common import problems
from libs.common.api.asking import Anyone
from libs.common.database import Transaction, to_json


class KeyReused(problems.Invalid):
    title = "幂等键已用于其他内容 Idempotency key used for another request"


@dataclass(frozen=True)
class Once:
    """An Idempotency-Key with its owner and a digest of the request it came with."""

    caller: str
    key: str | None
    request: bytes


async def idempotency(
    request: Request,
    caller: Anyone,
    idempotency_key: Annotated[str | None, Header(max_length=200, description="Repeat a creation safely with the same key")] = None,
) -> Once:
    digest = hashlib.sha256(f"{request.method} {request.url.path}\0".encode())
    if idempotency_key:
        async for part in _content(request):
            digest.update(part)
    return Once(f"{caller.node}/{caller.subject}", idempotency_key, digest.digest())


async def _content(request: Request) -> AsyncIterator[bytes]:
    if not request.headers.get("content-type", "").startswith("multipart/"):
        yield await request.body()
        return
    for name, value in (await request.form()).multi_items():
        yield name.encode()
        if isinstance(value, str):
            yield value.encode()
        else:
            yield await value.read()
            await value.seek(0)


Idempotency = Annotated[Once, Depends(idempotency)]

_CLAIM = """
INSERT INTO idempotency (caller, key, request) VALUES (:caller, :key, :request) ON CONFLICT DO NOTHING RETURNING true
"""
_KEPT = "SELECT request, status, body FROM idempotency WHERE caller = :caller AND key = :key"
_KEEP = "UPDATE idempotency SET status = :status, body = CAST(:body AS jsonb) WHERE caller = :caller AND key = :key"


async def answer_once(tx: Transaction, once: Once, create: Callable[[], Awaitable[BaseModel]], *, status: int = 201) -> Any:
    """Create, or give the kept answer again for a repeated key (422 when the request differs). Same transaction as the write.

    A concurrent request with the same key waits for the first one's commit.
    """
    if once.key is None:
        return await create()
    mine = {"caller": once.caller, "key": once.key}
    if not (await tx.execute(text(_CLAIM), {**mine, "request": once.request})).scalar():
        kept = (await tx.execute(text(_KEPT), mine)).one()
        if kept.request != once.request:
            raise KeyReused("请为新内容换一个键 Use a new key for another request.")
        return JSONResponse(kept.body, status_code=kept.status, headers={"Idempotent-Replayed": "true"})
    answer = await create()
    await tx.execute(text(_KEEP), {**mine, "status": status, "body": to_json(answer.model_dump(mode="json", by_alias=True))})
    return answer
