"""A county's register of some size (登记册): a database of its own, and the service that serves it in a process of its own."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn

from libs.common import workers
from libs.common.api.application import create_api
from libs.common.imports.model import OVER
from libs.common.node import NodeContext
from libs.common.runtime import share_interpreter
from libs.common.service import ServiceContext, create_context
from libs.common.settings import Settings
from libs.common.telemetry import start_logging
from services.registry.app import SERVICE
from services.registry.operations.quality import judge_due
from services.registry.workers import JUDGED_AT_ONCE, take_imports
from tests.bench.load import Server, served, taken
from tests.bench.register.people import AS_OF
from tests.bench.register.watching import Watch, watched
from tests.support.nodes import Nodes
from tests.support.servers import connect_superuser, remove_databases, start_postgres

NODE, MODULE = "n433124", "tests.bench.register.measure"
IMPORTS = "/registry/v1/imports"
_SETTINGS = "settings.json"
_HOUR = 3600.0
LOOK_SECONDS = 0.2
# Every request is counted against a limit as at any node; one token asks more often here than any caller may, and has larger files.
UNLIMITED = {"limit_caller": "1000000000 per 1 second", "limit_address": "1000000000 per 1 second"}


class ImportFailed(Exception):
    """The register refused the file as a whole."""


@dataclass(frozen=True)
class Register:
    """`people` is how many its file holds."""

    people: int
    home: Path
    url: str
    node: NodeContext

    @classmethod
    def open(cls, nodes: Nodes, people: int, home: Path) -> Register:
        """Empty, on a database that outlives the office."""
        home.mkdir()
        settings, node = asyncio.run(_open(nodes))
        (home / _SETTINGS).write_text(settings.model_dump_json())
        return cls(people, home, settings.database_url, node)

    def token(self, role: str = "officer", regions: tuple[str, ...] = ("433124",)) -> str:
        return self.node.signer.issue(self.node.clock.now(), subject=f"{role}-1", role=role, regions=regions)

    @contextmanager
    def served(self) -> Iterator[Server]:
        with served(MODULE, "serve", self.home) as server:
            yield server

    def client(self, server: Server) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token()}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=_HOUR)

    def ask(self, query: str, *values: object) -> list[Any]:
        """What only whoever owns the server may ask."""
        return asyncio.run(_ask(self.url, query, values))

    def judge(self) -> float:
        """Whoever is due is judged by the rules of data quality, as the worker does; seconds."""
        return asyncio.run(self._judge())

    async def _judge(self) -> float:
        context = create_context(SERVICE, SERVICE.settings.model_validate_json((self.home / _SETTINGS).read_text()))
        begun, judged = time.perf_counter(), 1
        while judged:
            async with context.database.transaction() as tx:
                judged = await judge_due(tx, JUDGED_AT_ONCE)
        await context.close()
        return time.perf_counter() - begun

    def remove(self) -> None:
        remove_databases([self.url])


async def _open(nodes: Nodes) -> tuple[Settings, NodeContext]:
    context = await nodes.open(SERVICE, NODE)
    await context.close()
    return context.settings, context.node


async def _ask(url: str, query: str, values: tuple[object, ...]) -> list[Any]:
    connection = await connect_superuser(url, "registry")
    try:
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


def import_file(client: httpx.Client, file: Path, kind: str = "people") -> dict[str, Any]:
    """Sent, and waited for until it is in; the report."""
    with file.open("rb") as content:
        fields = {"kind": kind} | ({"as_of": AS_OF.isoformat()} if kind == "people" else {})
        answer = client.post(IMPORTS, data=fields, files={"file": (file.name, content)})
    if answer.status_code != 202:
        raise ImportFailed(f"{file.name}: {answer.status_code} {answer.text[:500]}")
    while True:
        report: dict[str, Any] = client.get(answer.headers["Location"]).json()
        if report["state"] == "done":
            return report
        if report["state"] in OVER:
            raise ImportFailed(f"{file.name}: {report['state']} {report['problem']}")
        time.sleep(LOOK_SECONDS)


def watched_import(
    register: Register, server: Server, file: Path, kind: str = "people"
) -> tuple[dict[str, Any], Watch]:
    """The same, with what the service's processes took meanwhile; PostgreSQL's count as time of the processor alone."""
    with register.client(server) as client, watched([server.process], [postgres()]) as watch:
        report = import_file(client, file, kind)
    return report, watch


def postgres() -> psutil.Process:
    return psutil.Process(start_postgres().running.pid)


def serve(home: Path, port: int) -> None:
    """The service's whole application, as a node serves it."""
    door = taken(port)
    settings = SERVICE.settings.model_validate_json((home / _SETTINGS).read_text())
    start_logging()
    asyncio.run(_serve(create_context(SERVICE, settings.model_copy(update=UNLIMITED)), door))


async def _serve(context: ServiceContext, door: socket.socket) -> None:
    """Beside its door the worker takes files in."""
    app = create_api(context)
    share_interpreter()
    taking = asyncio.create_task(workers.watch_over(context, "imports", partial(take_imports, context)))
    await uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).serve([door])
    taking.cancel()
