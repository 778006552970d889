"""Whether a node still says that it is well while large files come in: `python -m tests.bench.health measure` prints JSON.

One process with all five services behind one door, as a node runs them. Its health (live, and ready, which asks the database) is
asked at a steady pace, first alone, then while several connections send workbooks and tables one after the other. The aim is a
99th percentile under 250 ms while files come in; told, and not asserted: the milliseconds are this machine's.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
import uvicorn

from deploy.cli.signals import end_in_order
from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.runtime import share_interpreter
from libs.common.service import create_context
from libs.common.sheets.writer import write_sheet
from libs.common.telemetry import start_logging
from tests.bench.load import Server, served, taken
from tests.support.doors import SERVICES, service_of
from tests.support.nodes import Nodes, token_of

MODULE, NODE = "tests.bench.health", "n433126"
DATA = Path(__file__).parents[2] / "deploy" / "demo" / "data"
AIM_MS, SENDERS, ALONE_SECONDS, LOADED_SECONDS, PACE_SECONDS, ROWS = 250.0, 6, 5.0, 30.0, 0.02, 8_000
UNLIMITED = {"limit_caller": "1000000000 per 1 second", "limit_address": "1000000000 per 1 second"}
ASKED = [f"/{service}/health/{what}" for service in SERVICES for what in ("ready", "live")]


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        token = asyncio.run(_furnish(home))
        with served(MODULE, "node", home) as server:
            ask(server, 1.0)  # what is made at first use is made
            alone = ask(server, ALONE_SECONDS)
            with_files, came = ask_while_files_come(server, token)
    loaded = _told(with_files)
    return {
        "alone": _told(alone),
        "with_files": loaded,
        "files": came,
        "senders": SENDERS,
        "aim_p99_ms": AIM_MS,
        "ok": loaded["p99_ms"] < AIM_MS,
    }


async def _furnish(home: Path) -> str:
    """Empty databases of a node's five services, which outlive the offices that made them."""
    nodes = Nodes(home / "nodes")
    for service in SERVICES:
        context = await nodes.open(service_of(service), NODE)
        (home / f"{service}.json").write_text(context.settings.model_dump_json())
        token = token_of(context)
        await context.close()
    return token


def ask(server: Server, seconds: float) -> list[float]:
    """How long each answer took, one question after the other at a steady pace; late ones are not left out but waited for."""
    took, end = [], time.perf_counter() + seconds
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
        for number, path in enumerate(itertools.cycle(ASKED)):
            due = end - seconds + number * PACE_SECONDS
            if due >= end:
                return took
            time.sleep(max(0.0, due - time.perf_counter()))
            client.get(path).raise_for_status()
            # From the moment when it was due: what had to wait behind a slow one is slow as well.
            took.append(time.perf_counter() - due)
    return took


def ask_while_files_come(server: Server, token: str) -> tuple[list[float], dict[str, int]]:
    """The same while every sender sends file after file; what became of the files is told by status."""
    over, statuses = threading.Event(), Counter[str]()
    senders = [
        threading.Thread(target=_send, args=(server, token, files, over, statuses)) for files in _files_of_each()
    ]
    for one in senders:
        one.start()
    try:
        return ask(server, LOADED_SECONDS), dict(statuses)
    finally:
        over.set()
        for one in senders:
            one.join()


def _send(
    server: Server,
    token: str,
    files: Iterator[tuple[str, str, str, bytes]],
    over: threading.Event,
    statuses: Counter[str],
) -> None:
    with httpx.Client(
        base_url=f"http://127.0.0.1:{server.port}", headers={"Authorization": f"Bearer {token}"}, timeout=300
    ) as client:
        while not over.is_set():
            path, kind, name, content = next(files)
            answer = client.post(path, data={"kind": kind, "as_of": "2016-12-31"}, files={"file": (name, content)})
            statuses[str(answer.status_code)] += 1


def _files_of_each() -> list[Iterator[tuple[str, str, str, bytes]]]:
    """For every sender all the files, each beginning with another one."""
    head, *rows = (DATA / "people-433126.csv").read_text(encoding="gb18030").splitlines()
    many = [rows[at % len(rows)] for at in range(ROWS)]
    files = [
        ("/registry/v1/imports", "people", "people.csv", "\n".join([head, *many]).encode()),
        (
            "/registry/v1/imports",
            "people",
            "people.xlsx",
            write_sheet(head.split(","), [row.split(",") for row in many]),
        ),
        ("/jobs/v1/imports", "vacancies", "vacancies.xlsx", (DATA / "vacancies-440300.xlsx").read_bytes()),
        ("/registry/v1/imports", "people", "no.xlsx", b"PK\x03\x04" + bytes(4 * 1024 * 1024)),
    ]
    return [itertools.cycle(files[number % len(files) :] + files[: number % len(files)]) for number in range(SENDERS)]


def _told(seconds: list[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100)
    return {
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
        "longest_ms": round(max(seconds) * 1000, 1),
        "asked": len(seconds),
    }


def serve(home: Path, port: int) -> None:
    door = taken(port)
    start_logging()
    apps = {}
    for name in SERVICES:
        service = service_of(name)
        settings = service.settings.model_validate_json((home / f"{name}.json").read_text())
        apps[name] = create_api(create_context(service, settings.model_copy(update=UNLIMITED)))
    share_interpreter()
    uvicorn.Server(
        uvicorn.Config(FrontDoor(apps, otherwise="console"), log_config=None, access_log=False, lifespan="off")
    ).run([door])


def main(what: str, *given: str) -> None:
    if what == "measure":
        print(json.dumps(measure()))
    else:
        serve(Path(given[0]), int(given[1]))


if __name__ == "__main__":
    end_in_order()
    main(*sys.argv[1:])
