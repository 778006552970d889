"""Nodes for tests: keys and partners as files, offices on databases of their own, events handed over by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
from sqlalchemy import text

from deploy.local import keys
from deploy.local.postgres import SERVICES, ask, roles_sql, schemas_sql
from libs.common import workers
from libs.common.events.envelope import Envelope
from libs.common.inbox import Arrival
from libs.common.indicators import restate
from libs.common.kafka import create_topics, topics_announced, topics_read
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext
from libs.common.relay import Journal
from libs.common.service import Service, ServiceContext, create_context
from libs.common.service_client import ServiceClient
from tests.support.doors import application_of
from tests.support.servers import copy_of, fresh_database, remove_databases, start_postgres
from tests.support.siblings import Siblings

NODES = {
    "n433124": "花垣县",
    "n433126": "古丈县",
    "n440300": "深圳市",
    "n430100": "长沙市",
    "n370100": "济南市",
    "n430000": "湖南省",
}

# Whoever imports a file in a test hears how it ended.
WAITING = {"Prefer": "wait=120"}
# Nobody answers there.
NOWHERE = KafkaConnection("127.0.0.1:1", Path("/nowhere/nobody"))
_TEMPLATES: dict[str, str] = {}


def make_keys(directory: Path, node: str) -> dict[str, object]:
    """A node's keys in a directory; answers the public ones."""
    keys.make_keys(node, directory)
    return dict(json.loads((directory / "jwks.json").read_text()))


def make_partners(root: Path, nodes: Iterable[str] = NODES) -> None:
    """Keys for every node and, with each, the partners it exchanged keys with (here: all others)."""
    public = {node: make_keys(root / node / "keys", node) for node in nodes}
    for node in public:
        partners = [
            {"node": other, "name": NODES.get(other, other), "kafka": "127.0.0.1:1", "jwks": public[other]}
            for other in public
            if other != node
        ]
        (root / node / "partners.json").write_text(json.dumps(partners, ensure_ascii=False))


class Nodes:
    """Opens offices of services at nodes, each on a database of its own, cloned from a migrated template."""

    def __init__(self, root: Path):
        self.root = root
        self._offices: list[ServiceContext] = []
        self._copies: list[str] = []
        self._working: list[asyncio.Task[None]] = []

    async def open(
        self,
        service: Service,
        node: str = "n433124",
        *,
        kafka: KafkaConnection = NOWHERE,
        database: str = "",
        **more: object,
    ) -> ServiceContext:
        """On a migrated database of its own, or on the one that is given, as it is."""
        if not (self.root / node).exists():
            make_partners(self.root)
        settings = service.settings(
            node=node,
            node_name=NODES.get(node, node),
            kafka=kafka.address,
            kafka_certificates=kafka.certificates.parent,
            keys=self.root / node / "keys",
            partners=self.root / node / "partners.json",
            database_url=database or await self._copy(service),
            **more,
        )
        home = NodeContext.read(settings)
        context = create_context(
            service,
            settings,
            replace(home, neighbours=ServiceClient("http://node", home.signer, Siblings(lambda: self._offices, node))),
        )
        if kafka != NOWHERE:
            await create_topics(
                kafka,
                topics_announced(context.node, service.announces) | topics_read(context.node, service.subscriptions),
            )
        self._offices.append(context)
        self._begin_taking_in(context)
        return context

    def _begin_taking_in(self, context: ServiceContext) -> None:
        """What the worker of a service does with files, beside its door as in a node."""
        for part in context.service.background:
            if getattr(part, "__name__", "") == "take_imports":
                self._working.append(
                    asyncio.create_task(workers.watch_over(context, "imports", partial(part, context)))
                )

    def stop_working(self) -> None:
        """From here on whoever wants a file to be taken in does it himself."""
        for task in self._working:
            task.cancel()

    async def close(self) -> None:
        self.stop_working()
        await asyncio.gather(*self._working, return_exceptions=True)
        for context in self._offices:
            await context.close()
        remove_databases(self._copies)

    async def _copy(self, service: Service) -> str:
        url = copy_of(await self._template(service))
        _admit(service.name, url)
        self._copies.append(url)
        return url

    async def _template(self, service: Service) -> str:
        """URL of a database with the service's migrated schema, made once; copies of it cost some tens of milliseconds."""
        if service.name not in _TEMPLATES:
            url = fresh_database()
            _admit(service.name, url)
            settings = service.settings(
                node="n433124",
                kafka="-",
                keys=self.root / "n433124" / "keys",
                partners=self.root / "n433124" / "partners.json",
                database_url=url,
            )
            context = create_context(service, settings)
            await context.migrate()
            await context.close()
            _TEMPLATES[service.name] = url
        return _TEMPLATES[service.name]


def _admit(name: str, url: str) -> None:
    """A service that only tests know gets a role and a schema as the real ones have."""
    if name in SERVICES:
        return
    server, database = start_postgres(), url.partition("@/")[2].partition("?")[0]
    ask(server.socket, roles_sql([name]))
    ask(server.socket, schemas_sql(database, [name]), database=database)


def token_of(
    context: ServiceContext,
    role: str = "officer",
    regions: Sequence[str] | None = None,
    organisation: str = "",
    subject: str = "",
) -> str:
    """A token of the node's own issuer; by default for the node's whole region."""
    home = context.node
    return home.signer.issue(
        home.clock.now(),
        subject=subject or f"{role}-1",
        role=role,
        regions=regions or [home.code],
        organisation=organisation,
    )


@asynccontextmanager
async def client_of(context: ServiceContext, role: str = "officer", **who: object) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client at the office's door, signed in with a role."""
    headers = {"Authorization": f"Bearer {token_of(context, role, **who)}"}  # type: ignore[arg-type]
    transport = httpx.ASGITransport(application_of(context), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://node", headers=headers) as client:
        yield client


async def announced(context: ServiceContext, after: int = 0) -> list[tuple[Arrival, int]]:
    """What an office has announced since a journal position, figures stated and drained as its workers do, ready to be handed over."""
    if context.service.indicators:
        async with context.database.transaction() as tx:
            await restate(tx, context.service.indicators)
    connection = await context.database.connect_raw()
    try:
        await Journal(context.node, context.service.name).drain(connection, 100_000)
        rows = await connection.fetch(
            "SELECT *, data::text AS text FROM journal WHERE position > $1 ORDER BY position", after
        )
    finally:
        await connection.close()
    source = f"/{context.node.id}/{context.service.name}"
    return [
        (
            Arrival(
                Envelope(
                    id=UUID(str(row["id"])),
                    source=source,
                    type=row["type"],
                    time=row["time"],
                    topic=row["topic"],
                    partition=row["partition"],
                    sequence=row["sequence"],
                    key=row["key"],
                    traceparent=row["traceparent"],
                ),
                row["text"],
            ),
            row["position"],
        )
        for row in rows
    ]


def reaches(arrival: Arrival, context: ServiceContext) -> bool:
    """Whether an event's topic is one that the office's node may see."""
    topic, here = arrival.envelope.topic, context.node.id
    local = arrival.envelope.node == here
    return topic.startswith("public.") or topic.startswith(f"to.{here}.") or (local and topic.startswith("home."))


async def hand_over(arrivals: Sequence[Arrival], context: ServiceContext) -> None:
    """Deliver events to an office's inbox, those of them that may reach it."""
    mine = [arrival for arrival in arrivals if reaches(arrival, context)]
    if mine:
        await context.inbox.receive(mine)


async def carry(*contexts: ServiceContext, rounds: int = 50) -> None:
    """Carry everything announced between offices until nothing new is announced; parked events are failures."""
    seen = dict.fromkeys(range(len(contexts)), 0)
    for _ in range(rounds):
        moved = 0
        for number, context in enumerate(contexts):
            fresh = await announced(context, seen[number])
            if fresh:
                seen[number] = fresh[-1][1]
                moved += len(fresh)
                for other in contexts:
                    await hand_over([arrival for arrival, _ in fresh], other)
        if not moved:
            break
    await assert_nothing_parked(*contexts)


async def assert_nothing_parked(*contexts: ServiceContext) -> None:
    for context in contexts:
        async with context.database.reading() as tx:
            rows = (await tx.execute(text("SELECT type, error FROM parked ORDER BY place"))).all()
        assert not rows, f"{context.node.id}/{context.service.name} parked {rows[:3]}"
