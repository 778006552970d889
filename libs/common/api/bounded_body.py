"""A body as it arrives (请求体): counted against a limit, and given up when it comes too slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.types import Message, Receive

from libs.common.problems import RequestTimeout, TooLarge

# Between two parts of a body; a slow line in the hills still sends something.
IDLE_SECONDS = 20.0


class BoundedBody:
    """`receive` of one request: raises TooLarge (413) beyond the limit and RequestTimeout (408) when nothing comes."""

    def __init__(self, receive: Receive, limit: int, seconds: float):
        self._receive = receive
        self._limit = limit
        self._until = asyncio.get_running_loop().time() + seconds
        self._seen = 0

    async def __call__(self) -> Message:
        until = min(self._until, asyncio.get_running_loop().time() + IDLE_SECONDS)
        try:
            async with asyncio.timeout_at(until):
                message = await self._receive()
        except TimeoutError as error:
            raise RequestTimeout("请求体迟迟未到 The body came too slowly.") from error
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            raise too_large(self._limit)
        return message


def too_large(limit: int) -> TooLarge:
    return TooLarge(f"上限 {limit} 字节 At most {limit} bytes.")


def announces_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request says that a body follows (RFC 9112 section 6)."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0").strip(b"0") != b""


def check_length(headers: Mapping[bytes, bytes], limit: int) -> None:
    """Refuse a length beyond the limit as soon as it is announced."""
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and (len(length) > 18 or int(length) > limit):
        raise too_large(limit)
