"""A county's and a city's node with everything in it, served on ports of their own, for whoever throws things at their doors."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from sqlalchemy import text

from deploy.local.ports import free_ports
from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.runtime import serving
from libs.common.service import ServiceContext
from tests.fuzz.collecting import Answers
from tests.fuzz.seeding import furnish
from tests.fuzz.working import work
from tests.support.doors import SERVICES, service_of
from tests.support.eventually import eventually
from tests.support.nodes import NODES, Nodes, make_partners, token_of

COUNTY, CITY = "n433126", "n440300"
# Nobody is turned away for asking often: that is not what is looked at.
UNLIMITED = "100000000 per 1 second"


@dataclass
class Node:
    """One node: its address, its offices by service, and ids that stand in the database of each."""

    name: str
    contexts: dict[str, ServiceContext]
    url: str = ""
    ids_of: dict[str, list[str]] = field(default_factory=dict)
    _answers: Answers | None = None

    @property
    def ids(self) -> list[str]:
        return list(dict.fromkeys(each for ids in self.ids_of.values() for each in ids))

    @property
    def answers(self) -> Answers:
        """What its doors have answered so far, by the documents that it serves."""
        if self._answers is None:
            self._answers = Answers(
                {service: create_api(context).openapi() for service, context in self.contexts.items()}
            )
        return self._answers

    def token(self, role: str, organisation: str = "", subject: str = "", regions: Sequence[str] | None = None) -> str:
        home = next(iter(self.contexts.values()))
        return token_of(home, role, regions, organisation=organisation, subject=subject)

    def document(self, service: str) -> dict[str, Any]:
        answer = httpx.get(f"{self.url}/{service}/v1/openapi.json", timeout=30)
        document: dict[str, Any] = answer.json()
        return document


class House:
    """The two nodes, alive in a loop of their own."""

    def __init__(self, root: Path):
        self.root = root
        self.nodes: dict[str, Node] = {}
        self._stack = AsyncExitStack()

    async def open(self) -> None:
        make_partners(self.root, NODES)
        nodes = Nodes(self.root)
        self._stack.push_async_callback(nodes.close)
        for name in (COUNTY, CITY):
            port = free_ports(1)[0]
            contexts = {service: await nodes.open(service_of(service), name) for service in SERVICES}
            for context in contexts.values():
                given = {"limit_caller": UNLIMITED, "limit_address": UNLIMITED, "gateway": f"http://127.0.0.1:{port}"}
                context.settings = context.settings.model_copy(update=given)
            self.nodes[name] = Node(name, contexts, f"http://127.0.0.1:{port}")
            apps = {service: create_api(context) for service, context in contexts.items()}
            server = await self._stack.enter_async_context(
                serving(FrontDoor(apps, otherwise="console"), "127.0.0.1", port)
            )

            async def listens(server: uvicorn.Server = server) -> bool:
                return server.started

            await eventually(listens)
        await furnish(self.nodes[COUNTY], self.nodes[CITY])
        await work(self.nodes[COUNTY], self.nodes[CITY])
        for node in self.nodes.values():
            node.ids_of = {service: await _ids(context) for service, context in node.contexts.items()}

    async def close(self) -> None:
        await self._stack.aclose()


async def _ids(context: ServiceContext, most: int = 4) -> list[str]:
    """Some ids of every table of a service, whatever the column is called."""
    found: list[UUID] = []
    schema = context.service.name
    async with context.database.reading() as tx:
        columns = await tx.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = :schema AND udt_name = 'uuid'"
            ),
            {"schema": schema},
        )
        for table, column in columns.all():
            query = text(
                f'SELECT DISTINCT "{column}" FROM {schema}."{table}" WHERE "{column}" IS NOT NULL LIMIT {most}'
            )
            found += (await tx.execute(query)).scalars()
    return list(dict.fromkeys(map(str, found)))


@contextmanager
def open_house() -> Iterator[House]:
    """The house in a thread with a loop of its own, so that who asks may wait for the answer."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    thread = threading.Thread(target=_live, args=(loop, ready), name="house", daemon=True)
    thread.start()
    ready.wait()
    with tempfile.TemporaryDirectory(prefix="xieli-fuzz-") as folder:
        house = House(Path(folder))
        try:
            _do(loop, house.open)
            yield house
        finally:
            _do(loop, house.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


def _live(loop: asyncio.AbstractEventLoop, ready: threading.Event) -> None:
    asyncio.set_event_loop(loop)
    ready.set()
    loop.run_forever()
    loop.close()


def _do(loop: asyncio.AbstractEventLoop, what: Callable[[], Awaitable[None]]) -> None:
    async def done() -> None:
        await what()

    asyncio.run_coroutine_threadsafe(done(), loop).result()
