"""An office of matching of some size (对接): a database of its own, and the service that serves it in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from libs.common.api.application import create_api
from libs.common.database import Transaction
from libs.common.node import NodeContext
from libs.common.runtime import share_interpreter
from libs.common.service import create_context
from libs.common.settings import Settings
from libs.common.telemetry import start_logging
from services.matching.app import SERVICE
from tests.bench.load import Server, served, taken
from tests.support.nodes import Nodes

MODULE = "tests.bench.connect.measure"
_SETTINGS = "settings.json"
_HOUR = 3600.0
# Every request is counted against a limit as at any node; one token asks more often here than any caller may.
UNLIMITED = {"limit_caller": "1000000000 per 1 second", "limit_address": "1000000000 per 1 second"}
Fill = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True)
class Office:
    """A node's matching, filled, on a database that outlives whoever filled it."""

    home: Path
    settings: Settings
    node: NodeContext

    @classmethod
    def open(cls, nodes: Nodes, node: str, home: Path, fill: Fill) -> Office:
        home.mkdir()
        settings, context = asyncio.run(_open(nodes, node, fill))
        (home / _SETTINGS).write_text(settings.model_dump_json())
        return cls(home, settings, context)

    def token(self, role: str = "officer", organisation: str = "") -> str:
        now, regions = self.node.clock.now(), [self.node.code]
        return self.node.signer.issue(now, subject=f"{role}-1", role=role, regions=regions, organisation=organisation)

    @contextmanager
    def served(self) -> Iterator[Server]:
        with served(MODULE, "serve", self.home) as server:
            yield server

    def client(self, server: Server) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token()}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, timeout=_HOUR)


async def _open(nodes: Nodes, node: str, fill: Fill) -> tuple[Settings, NodeContext]:
    context = await nodes.open(SERVICE, node)
    async with context.database.transaction() as tx:
        await fill(tx)
    await context.close()
    return context.settings, context.node


def read_settings(home: Path) -> Settings:
    return SERVICE.settings.model_validate_json((home / _SETTINGS).read_text())


def serve(home: Path, port: int) -> None:
    """The service's whole application, as a node serves it."""
    door = taken(port)
    start_logging()
    app = create_api(create_context(SERVICE, read_settings(home).model_copy(update=UNLIMITED)))
    share_interpreter()
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run([door])
