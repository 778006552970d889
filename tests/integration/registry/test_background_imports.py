"""A file taken in by the worker: told how far it is, killed amid it, cancelled, failed; whatever happens, each row is in once or not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.imports import taking, worker
from libs.common.imports.model import OVER
from libs.common.service import ServiceContext, create_context
from services.registry.app import SERVICE
from services.registry.operations.imports import IMPORTS
from tests.integration.registry.files import a_file, a_row, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.eventually import eventually
from tests.support.nodes import WAITING, Nodes, client_of

ROOT, ADDRESS = Path(__file__).parents[3], "/registry/v1/imports"
PEOPLE = 60
# Households of three, so that portions end amid some of them.
FILE = a_file(
    *(
        a_row(a_number("19800101", f"{n:03}"), 户编号=f"4300{n // 3:04}", 与户主关系="户主" if n % 3 == 0 else "之子")
        for n in range(PEOPLE)
    ),
    a_row("433124198001017720", "龙老二"),
)


async def hand_in(client: httpx.AsyncClient, content: bytes = FILE, **headers: str) -> httpx.Response:
    files = {"file": ("people.csv", content)}
    return await client.post(ADDRESS, data={"kind": "people"}, files=files, headers=headers)


async def look(client: httpx.AsyncClient, number: str) -> dict[str, Any]:
    return dict((await client.get(f"{ADDRESS}/{number}")).json())


async def count(context: ServiceContext, table: str) -> int:
    async with context.database.reading() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


@asynccontextmanager
async def idle(nodes: Nodes) -> AsyncIterator[ServiceContext]:
    """An office whose worker does nothing until it is told."""
    context = await nodes.open(SERVICE)
    nodes.stop_working()
    yield context


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "PORTION", 10)
    monkeypatch.setattr(taking, "PAUSE_SECONDS", 0.3)


async def test_a_file_is_received_at_once_and_its_address_tells_how_far_it_is(nodes: Nodes) -> None:
    async with idle(nodes) as context, client_of(context) as client:
        answer = await hand_in(client)
        address = answer.headers["Location"]
        waiting = (await client.get(address)).json()
        short = await hand_in(client, **{"Prefer": "respond-async, wait=0"})
        await worker.take_next_in(context, IMPORTS)
        done = (await client.get(address)).json()
        [left, first] = (await client.get(ADDRESS)).json()["items"]
        assert await count(context, "import_file") == 1
    assert (answer.status_code, answer.json()) == (202, waiting)
    assert (waiting["state"], waiting["accepted"]) == ("received", 0)
    assert waiting["progress"] == {"rows": None, "read": 0, "judged": 0, "stored": 0}
    assert short.status_code == 202
    assert (done["state"], done["added"], done["refused"]) == ("done", PEOPLE, 1)
    assert done["progress"] == {"rows": PEOPLE + 1, "read": PEOPLE + 1, "judged": PEOPLE + 1, "stored": PEOPLE}
    assert (left["state"], left["accepted"], first["state"], first["accepted"]) == ("received", None, "done", PEOPLE)


async def test_whoever_prefers_to_wait_hears_how_it_ended_and_a_repeated_key_is_the_same_import(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        done = await hand_in(client, **WAITING, **{"Idempotency-Key": "a-file"})
        again = await hand_in(client, **WAITING, **{"Idempotency-Key": "a-file"})
        failed = await hand_in(client, b"this is a letter", **WAITING)
        listed = (await client.get(ADDRESS)).json()["items"]
        shown = await look(client, listed[0]["id"])
    assert done.status_code == 201, done.text
    assert (done.status_code, done.headers["Preference-Applied"]) == (201, "wait=120")
    assert done.headers["Location"] == f"{ADDRESS}/{done.json()['id']}"
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (done.json(), "true")
    assert (failed.status_code, failed.headers["content-type"]) == (422, "application/problem+json")
    assert [each["state"] for each in listed] == ["failed", "done"]
    assert shown["problem"] == failed.json()
    assert await count(context, "import_file") == 0


async def test_a_worker_that_is_killed_amid_a_file_goes_on_where_it_was(nodes: Nodes, tmp_path: Path) -> None:
    async with idle(nodes) as context, client_of(context) as client:
        number = (await hand_in(client)).json()["id"]
        (tmp_path / "settings.json").write_text(context.settings.model_dump_json())
        command = [sys.executable, "-m", "tests.integration.registry.test_background_imports", str(tmp_path)]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        await eventually(lambda: some_are_in(client, number), within=60)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        killed = await look(client, number)
        in_then = await count(context, "person")
        await worker.take_next_in(context, IMPORTS)
        done = await look(client, number)
        assert await count(context, "person") == await count(context, "situation") == PEOPLE
        assert await count(context, "change") == 0
    assert killed["state"] == "writing"
    assert 0 < killed["progress"]["stored"] == in_then < PEOPLE
    assert (done["state"], done["added"], done["changed"], done["known"]) == ("done", PEOPLE, 0, 0)
    assert done["progress"]["stored"] == done["accepted"] == PEOPLE


async def some_are_in(client: httpx.AsyncClient, number: str) -> bool:
    return bool((await look(client, number))["progress"]["stored"])


@pytest.mark.usefixtures("slowly")
async def test_what_is_cancelled_leaves_what_is_in_and_can_be_taken_back(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        number = (await hand_in(client)).json()["id"]
        await eventually(lambda: some_are_in(client, number), within=60)
        cancelled = await client.post(f"{ADDRESS}/{number}/cancel")
        again = await client.post(f"{ADDRESS}/{number}/cancel")
        other = await send_bytes(client, a_file(a_row(a_number(order="777"))), "other.csv")
        stored = cancelled.json()["progress"]["stored"]
        assert await count(context, "person") == stored + 1
        taken_back = await client.post(f"{ADDRESS}/{number}/undo", headers=WAITING)
        assert await count(context, "person") == 1
        assert (await look(client, number))["state"] == "undone"
    assert (cancelled.status_code, cancelled.json()["state"], again.status_code) == (200, "cancelled", 409)
    assert 0 < stored == cancelled.json()["added"] < PEOPLE
    assert (other.status_code, taken_back.json()["removed"]) == (201, stored)


async def test_a_file_that_ends_its_worker_again_and_again_is_given_up(
    nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with idle(nodes) as context, client_of(context) as client:
        number = (await hand_in(client)).json()["id"]

        async def die(_: object) -> None:
            raise asyncio.CancelledError

        with monkeypatch.context() as patched:
            patched.setattr(taking.Taking, "take_in", die)
            for _ in range(worker.MOST_ATTEMPTS):
                with pytest.raises(asyncio.CancelledError):
                    await worker.take_next_in(context, IMPORTS)
            assert await worker.take_next_in(context, IMPORTS)
        shown = await look(client, number)
    assert (shown["state"], shown["problem"]["type"]) == ("failed", "urn:xieli:problem:tried-too-often")
    assert shown["state"] in OVER


async def test_a_larger_file_than_may_be_is_told_the_limit(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, max_body_bytes=100_000)
    async with client_of(context) as client:
        answer = await hand_in(client, FILE * 20)
    assert answer.status_code == 413
    assert "100000" in answer.json()["detail"]


async def main(home: Path) -> None:
    """The worker of an office, slow enough to be killed amid a file."""
    taking.PORTION, taking.PAUSE_SECONDS = 10, 0.5
    settings = SERVICE.settings.model_validate(json.loads((home / "settings.json").read_text()))
    await worker.take_imports_in(create_context(SERVICE, settings), IMPORTS)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
