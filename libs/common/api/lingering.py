"""Lingering close (先答复再断开): an answer that comes before the body was read ends the connection, and still reaches the client."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common.api.bounded_body import announces_body

# A socket that is closed while bytes of the client lie unread is reset, and the reset overtakes the answer.
LINGER_SECONDS = 3.0
LINGER_BYTES = 64 * 1024 * 1024


class LingeringClose:
    """Pure ASGI: throws away, for a moment and keeping nothing, what a client still sends after it was answered."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not announces_body(dict(scope["headers"])):
            return await self.app(scope, receive, send)
        unread = True

        async def watch() -> Message:
            nonlocal unread
            message = await receive()
            unread = unread and bool(message.get("more_body"))
            return message

        async def send_then_linger(message: Message) -> None:
            if unread and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            if not unread or message["type"] != "http.response.body" or message.get("more_body"):
                return await send(message)
            await send({**message, "more_body": True})
            await _discard(receive)
            await send({"type": "http.response.body", "body": b""})

        await self.app(scope, watch, send_then_linger)


async def _discard(receive: Receive) -> None:
    left = LINGER_BYTES
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return
