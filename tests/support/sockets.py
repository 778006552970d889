"""Requests byte by byte over a real socket to a real server: what a client library would never send."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.types import ASGIApp

from libs.common.runtime import serving
from tests.support.eventually import eventually


@dataclass(frozen=True)
class Said:
    """What came back: status, headers in lower case, the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json", (self.status, self.body[:300])
        told: dict[str, Any] = json.loads(self.body)
        return told


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """The application behind uvicorn on a free port of this machine."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    async with serving(app, "127.0.0.1", port) as server:
        await eventually(partial(_started, server))
        yield port


async def _started(server: Any) -> bool:
    return bool(server.started)


async def send(port: int, head: str, *parts: bytes, seconds: float = 20) -> Said:
    """Send a head (lines without the last blank one) and then the parts, and read one answer, however much was taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(seconds):
            writing = asyncio.create_task(_write(writer, head, parts))
            said = await _read(reader, head.startswith("HEAD"))
            writing.cancel()
            return said
    finally:
        writer.close()


async def _write(writer: asyncio.StreamWriter, head: str, parts: tuple[bytes, ...]) -> None:
    try:
        writer.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass  # the server has answered and hung up: what it said is still to be read


async def _read(reader: asyncio.StreamReader, bodiless: bool) -> Said:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length")
    body = b"" if bodiless else await (reader.readexactly(int(length)) if length is not None else reader.read())
    return Said(int(first.split()[1]), headers, body)
