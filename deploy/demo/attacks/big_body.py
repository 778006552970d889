"""Big bodies (超大请求体): thirty megabytes from somebody unknown, and JSON that is endless, deep or said twice from somebody known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx

from deploy.demo.story import Story

_JSON = {"Content-Type": "application/json"}
_WRONG = {
    "deep": b'{"title":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a key said twice": b'{"title":"a","title":"b"}',
    "no number": b'{"openings":NaN}',
    "a number of ten thousand digits": b'{"openings":' + b"9" * 10_000 + b"}",
    "half a character": rb'{"title":"\ud800"}',
}


async def play(story: Story) -> None:
    """Nobody unknown gets a body read; who is known gets one megabyte, and a problem for what is no sound JSON."""
    city = story.cities[0]
    for path in ("/jobs/v1/vacancies", "/jobs/v1/imports", "/registry/v1/imports"):
        status = await _announce(story.places[city].url, path)
        story.check(
            f"thirty megabytes without a token are refused before one byte was sent: {path}", status == 401, status
        )
    endless = await story.at(city).post("/jobs/v1/vacancies", content=_endless(), headers=_JSON)
    story.check(
        "a body without end ends with 413", endless.status_code == 413 and "type" in endless.json(), endless.status_code
    )
    told = {
        name: await story.at(city).post("/jobs/v1/vacancies", content=body, headers=_JSON)
        for name, body in _WRONG.items()
    }
    story.check(
        "unsound JSON is a problem that names the place",
        all(_names_a_place(answer) for answer in told.values()),
        {name: answer.status_code for name, answer in told.items()},
    )


def _names_a_place(answer: httpx.Response) -> bool:
    return answer.status_code == 422 and "pointer" in answer.json()["errors"][0]


async def _endless() -> AsyncIterator[bytes]:
    for _ in range(1000):
        yield b" " * 65536


async def _announce(url: str, path: str) -> int:
    """The status of the answer to a head alone, which says that thirty megabytes follow."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\nContent-Length: 31457280\r\n\r\n".encode()
        )
        return int((await asyncio.wait_for(reader.readline(), 10)).split()[1])
    finally:
        writer.close()
