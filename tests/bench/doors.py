"""Recommendations over HTTP against a bare FastAPI route: servers in processes of their own, asked by turns from this one.

`ours`: the service's whole application (token, limits, metrics, a line of log for each answer) at a node of the instance's
largest county, its memory written from lists as the database would give them. `object`: a bare FastAPI application whose one
route returns the answer as a constant object; `typed`: the same with a response model; `ready`: one that returns a response
of as many bytes, ready beforehand. `first`: every question is about a person or vacancy that nobody has asked about before;
`again`: the same thousand questions by turns. Ratios are of answers a second, and of seconds of processor that a server spent
for each answer, which other work on the machine disturbs less: each the median of rounds in which all were asked in turn.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import httpx
import psutil
import uvicorn
from fastapi import FastAPI, Response

from deploy.local.ports import free_ports
from libs.common.api.application import create_api
from libs.common.runtime import create_office
from libs.common.telemetry import start_logging
from services.matching.app import SERVICE
from services.matching.schemas.recommendations import PeopleForVacancy, VacanciesForPerson
from tests.support.nodes import make_partners, token_of

NODE = "n433124"
ROUNDS, CONNECTIONS, QUESTIONS = 5, 8, 1_000
# The bare answers are as large as the middle one of so many others.
MORE = 25
BARE = ("object", "typed", "ready")
MODELS = {"people": VacanciesForPerson, "vacancies": PeopleForVacancy}


class Asked(NamedTuple):
    """Of one round: answers a second, and seconds of processor that the server spent for each."""

    rate: float
    cost: float


def compare(folder: Path) -> dict[str, Any]:
    """Both ways; the bare routes answer with what ours answered first."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        with _served("ours", home, str(folder)) as ours:
            told = json.loads((home / "told.json").read_text())
            found = {"county_people": told["county_people"], "book_cpu_seconds": told["seconds"]}
            return found | {way: _way(home, ours, told["token"], told[way]) for way in ("people", "vacancies")}


def _way(home: Path, ours: _Server, token: str, paths: list[str]) -> dict[str, Any]:
    bodies = [_body(ours, token, path) for path in paths[QUESTIONS:]]
    body, paths = sorted(bodies, key=len)[len(bodies) // 2], paths[:QUESTIONS]
    (home / "body.json").write_text(body, encoding="utf-8")
    with ExitStack() as stack:
        servers = {"ours": ours} | {name: stack.enter_context(_served(name, home)) for name in BARE}
        portions = [paths[at::ROUNDS] for at in range(ROUNDS)]
        first = [{name: _load(server, token, portion) for name, server in servers.items()} for portion in portions]
        again = [{name: _load(server, token, paths) for name, server in servers.items()} for _ in range(ROUNDS)]
    return {"bytes": len(body.encode()), "first": _told(first), "again": _told(again)}


def _body(ours: _Server, token: str, path: str) -> str:
    answer = httpx.get(f"http://127.0.0.1:{ours.port}{path}", headers={"Authorization": f"Bearer {token}"}, timeout=300)
    assert answer.status_code == 200, answer.text
    return answer.text


def _told(rounds: list[dict[str, Asked]]) -> dict[str, Any]:
    rates = {name: round(median(each[name].rate for each in rounds)) for name in ("ours", *BARE)}
    ratios = {f"of_{name}": round(median(each["ours"].rate / each[name].rate for each in rounds), 2) for name in BARE}
    return {"a_second": rates, **ratios, **{f"processor_of_{name}": round(median(each[name].cost / each["ours"].cost for each in rounds), 2) for name in BARE}}


class _Server(NamedTuple):
    port: int
    process: psutil.Process


@contextmanager
def _served(what: str, home: Path, *given: str) -> Iterator[_Server]:
    """A server in a process of its own, from the moment when it listens."""
    port = free_ports(1)[0]
    command = [sys.executable, "-P", "-m", "tests.bench.doors", what, str(home), str(port), *given]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not _listens(port):
                assert process.poll() is None, f"{what} ended"
                time.sleep(0.1)
            yield _Server(port, psutil.Process(process.pid))
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        httpx.get(f"http://127.0.0.1:{port}/")
    except httpx.TransportError:
        return False
    return True


def _load(server: _Server, token: str, paths: list[str]) -> Asked:
    before = sum(server.process.cpu_times()[:2])
    begun = time.perf_counter()
    asyncio.run(_all_at_once(server.port, token, paths))
    seconds, spent = time.perf_counter() - begun, sum(server.process.cpu_times()[:2]) - before
    return Asked(len(paths) / seconds, spent / len(paths))


async def _all_at_once(port: int, token: str, paths: list[str]) -> None:
    waiting = iter(paths)
    await asyncio.gather(*(_ask(port, token, waiting) for _ in range(CONNECTIONS)))


async def _ask(port: int, token: str, waiting: Iterator[str]) -> None:
    """One connection that asks as soon as it is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for path in waiting:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: node\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
    writer.close()


def serve_bare(what: str, home: Path, port: int) -> None:
    body = (home / "body.json").read_text(encoding="utf-8")
    app, data, content = FastAPI(), json.loads(body), body.encode()
    model = MODELS["people" if "person" in data else "vacancies"]
    path = "/matching/v1/recommendations/{way}/{name}"
    known = model.model_validate(data)

    async def ready(way: str, name: str) -> Response:
        return Response(content, media_type="application/json")

    async def typed(way: str, name: str) -> Any:
        return known

    async def plain(way: str, name: str):  # type: ignore[no-untyped-def]  # without any word on what it returns
        return data

    if what == "typed":
        app.get(path, response_model=model)(typed)
    else:
        app.get(path)(ready if what == "ready" else plain)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run([_taken(port)])


def _taken(port: int) -> socket.socket:
    """Nobody else's from now on; it listens when the server runs."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    return taken


def serve_ours(home: Path, port: int, folder: Path) -> None:
    from tests.bench.county import largest_county

    taken = _taken(port)
    make_partners(home / "nodes")
    keys = home / "nodes" / NODE
    settings = SERVICE.settings(
        node=NODE, kafka="-", keys=keys / "keys", partners=keys / "partners.json", database_url="postgresql+asyncpg://{service}@/none"
    )
    office = create_office(SERVICE, settings)
    book, seconds = largest_county(folder, office.home.code)
    book.rehearse()
    office.memory.book = book
    told = {
        "people": [f"/matching/v1/recommendations/people/{person}" for person in book.persons[: QUESTIONS + MORE]], "seconds": seconds, "token": token_of(office),
        "vacancies": [f"/matching/v1/recommendations/vacancies/{offer.vacancy}" for offer in book.offers[: QUESTIONS + MORE]],
    }  # fmt: skip
    (home / "told.json").write_text(json.dumps(told | {"county_people": len(book.persons)}))
    start_logging()
    uvicorn.Server(uvicorn.Config(create_api(office), log_config=None, access_log=False, lifespan="off")).run([taken])


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        serve_ours(Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        serve_bare(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
