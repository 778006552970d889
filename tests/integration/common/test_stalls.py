"""No request holds a node's event loop longer than 200 ms: every entrance for files, the largest bodies, the largest pages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from services.jobs.app import SERVICE as JOBS
from services.registry.app import SERVICE as REGISTRY
from tests.integration.registry.files import file_of, send
from tests.support.nodes import WAITING, Nodes, client_of
from tests.support.stalls import watch_stalls

LIMIT_SECONDS = 0.2
Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


async def check(client: httpx.AsyncClient, name: str, ask: Ask, status: int) -> httpx.Response:
    async with watch_stalls() as stalls:
        answer = await ask(client)
    assert answer.status_code == status, (name, answer.text[:300])
    assert stalls.longest < LIMIT_SECONDS, f"{name} held the loop for {stalls.longest:.3f} s"
    return answer


def json_of(size: int) -> bytes:
    return json.dumps({"title": ["x" * 20] * (size // 25)}).encode()[:size]


async def test_people_files_pages_and_refused_rows(nodes: Nodes) -> None:
    async with client_of(await nodes.open(REGISTRY)) as client:
        made = await check(client, "importing people", lambda at: send(at, "people"), 201)
        await check(client, "a page of 200 people", lambda at: at.get("/registry/v1/labourers?limit=200"), 200)
        await check(client, "importing wishes", lambda at: send(at, "wishes"), 201)
        await check(client, "the refused rows", lambda at: at.get(str(made.json()["refused_rows"])), 200)
        await check(
            client, "the identification", lambda at: at.get("/registry/v1/identification?as_of=2016-12-31"), 200
        )


async def test_vacancy_files_and_large_json(nodes: Nodes) -> None:
    async with client_of(await nodes.open(JOBS, "n440300")) as client:
        for kind in ("employers", "vacancies"):
            content = file_of(kind, "440300").read_bytes()
            files = {"file": (file_of(kind, "440300").name, content)}
            await check(
                client,
                f"importing {kind}",
                lambda at, kind=kind, files=files: at.post(
                    "/jobs/v1/imports", data={"kind": kind}, files=files, headers=WAITING, timeout=60
                ),
                201,
            )  # type: ignore[misc]
        head = {"Content-Type": "application/json"}
        for name, body in (
            ("many values", b'{"a":[' + b"0," * 45_000 + b"0]}"),
            ("too many values", b'{"a":[' + b"0," * 500_000 + b"0]}"),
            ("one megabyte of text", json_of(1_000_000)),
            ("deep", b"[" * 500_000),
        ):
            await check(
                client, name, lambda at, body=body: at.post("/jobs/v1/vacancies", content=body, headers=head), 422
            )  # type: ignore[misc]
        await check(client, "a page of 200 vacancies", lambda at: at.get("/jobs/v1/vacancies?limit=200"), 200)


@pytest.mark.parametrize("seconds", [0.3])
async def test_a_loop_that_is_held_is_noticed(seconds: float) -> None:
    """The measure itself: work in the loop counts, work in a thread does not."""
    import asyncio
    import time

    def work() -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    async with watch_stalls() as stalls:
        await asyncio.to_thread(work)
    assert stalls.longest < LIMIT_SECONDS
    async with watch_stalls() as stalls:
        await asyncio.sleep(0)
        work()
        await asyncio.sleep(0.02)
    assert stalls.longest > LIMIT_SECONDS
