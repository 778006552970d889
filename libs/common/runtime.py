"""A service at a node, put together and run: api, worker, all or migrate, with an ordered stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from sqlalchemy import MetaData
from starlette.types import ASGIApp

from libs.common import migrations
from libs.common.audit.heads import state_heads
from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.home import Home
from libs.common.housekeeping import keep_house
from libs.common.inbox import Inbox, Subscriptions
from libs.common.kafka import Consumer, open_producer, topics_announced, topics_read
from libs.common.pools import Database
from libs.common.relay import Relay
from libs.common.revocations import watch
from libs.common.settings import Settings
from libs.common.telemetry import Metrics, log, start_logging

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

RESTART_SECONDS = 1.0
# Longer than clients keep an idle connection (httpx: 5 s, nginx: 60 s): else one is closed under a request on its way.
KEEP_ALIVE_SECONDS = 75


@dataclass(frozen=True)
class Service:
    """What a service consists of; each `app.py` exposes one as SERVICE, and nothing else needs to know its rooms."""

    name: str
    title: str
    settings: type[Settings]
    metadata: MetaData
    routers: Sequence[APIRouter]
    subscriptions: Subscriptions
    announces: Sequence[type[Event]]
    background: Sequence[Callable[[Office], Awaitable[None]]] = ()
    # What every process that serves knows by heart, made empty with the office, and what keeps it in step with the database.
    memory: Callable[[], Any] | None = None
    remember: Callable[[Office], Awaitable[None]] | None = None
    extend: Callable[[FastAPI, Office], None] | None = None

    @property
    def migrations(self) -> Path:
        module = importlib.import_module(f"services.{self.name}")
        return Path(str(module.__file__)).parent / "migrations"


@dataclass
class Office:
    """A service at a node: its settings, its home, its database and how it handles events."""

    service: Service
    settings: Settings
    home: Home
    database: Database
    metrics: Metrics
    inbox: Inbox = field(init=False)
    memory: Any = field(init=False)

    def __post_init__(self) -> None:
        self.memory = self.service.memory() if self.service.memory else None
        self.inbox = Inbox(self.database, self.service.subscriptions, self.metrics, whole=self.settings.letters_whole)

    async def migrate(self) -> None:
        """Bring the service's schema to its newest revision."""
        await migrations.migrate(self.database, self.service.migrations, self.service.metadata)

    async def work(self) -> None:
        """Relay, consumer and background work until cancelled; each begins again when its database or broker was away."""
        async with asyncio.TaskGroup() as group:
            if self.service.announces:
                group.create_task(keep_going(f"{self.service.name}.relay", self._relay))
            group.create_task(keep_going(f"{self.service.name}.housekeeping", partial(keep_house, self)))
            group.create_task(keep_going(f"{self.service.name}.audit", partial(state_heads, self)))
            if self.service.subscriptions:
                group.create_task(keep_going(f"{self.service.name}.consumer", self._consume))
            for work in self.service.background:
                group.create_task(
                    keep_going(f"{self.service.name}.{getattr(work, '__name__', 'work')}", partial(work, self))
                )

    async def remember(self) -> None:
        """Keep in step what this process knows by heart, until cancelled."""
        if self.service.remember:
            await keep_going(f"{self.service.name}.memory", partial(self.service.remember, self))

    async def heed_revocations(self) -> None:
        """Know by heart which tokens are good no longer, until cancelled."""
        await keep_going(f"{self.service.name}.revocations", partial(watch, self.database))

    async def close(self) -> None:
        await self.home.neighbours.close()
        await self.database.close()

    async def _relay(self) -> None:
        topics = topics_announced(self.home, self.service.announces)
        async with open_producer(self.settings.wire(), topics) as producer:
            await Relay(self.database, self.service.name, producer, self.metrics).run()

    async def _consume(self) -> None:
        topics = topics_read(self.home, self.service.subscriptions)
        await Consumer(self.settings.wire(), self.service.name, self.home, topics, self.inbox).run()


def create_office(service: Service, settings: Settings, home: Home | None = None) -> Office:
    """Put a service together at a node; several offices of one process share their home."""
    home = home or Home.read(settings)
    database = Database(settings.url_of_database(), service.name, home, owner_url=settings.url_of_owner())
    return Office(service, settings, home, database, Metrics(service.name))


async def keep_going(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run work that should never end; when it fails, say so and begin again after a pause that grows to ten seconds."""
    pause = RESTART_SECONDS
    while True:
        try:
            await work()
            return
        except Exception as error:
            log.warning("begins_again", work=name, seconds=pause, error=f"{type(error).__name__}: {error}"[:300])
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10.0)


async def keep_stated(restate: Callable[[Transaction], Awaitable[object]], office: Office) -> None:
    """Background: one statement for many changes, so that an import of hundreds of rows is not hundreds of statements."""
    while True:
        async with office.database.transaction() as tx:
            await restate(tx)
        await asyncio.sleep(office.settings.restate_seconds)


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, proxies: str = "") -> AsyncIterator[uvicorn.Server]:
    """uvicorn in this loop, stopped in order: no new requests, those at hand finish, then out."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        yield server
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """Leaves signals to `stop_signal`."""

    def capture_signals(self) -> Any:
        return nullcontext()


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    return stop


# Files are judged in threads beside the loop. Whoever has the interpreter keeps it for so long before another one has a turn, and
# an answer needs a dozen of turns.
TURN_SECONDS = 0.0005


def share_interpreter() -> None:
    """Before serving: short turns, and what has been loaded until now is garbage for nobody, so that no collection looks at it again."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()


async def run(offices: Sequence[Office], *, api: ASGIApp | None, host: str, port: int, work: bool = True) -> None:
    """Serve and work until a stop signal: first the door closes, then the work ends, then the databases are let go."""
    share_interpreter()
    stop = stop_signal()
    tasks = [asyncio.create_task(office.work()) for office in offices] if work else []
    if api is not None:
        tasks += [asyncio.create_task(office.heed_revocations()) for office in offices]
        if foreign := offices[0].home.verifier.foreign:
            tasks.append(asyncio.create_task(keep_going("issuer.keys", foreign.keep_keys)))
        tasks += [asyncio.create_task(office.remember()) for office in offices if office.service.remember]
    try:
        if api is None:
            await _until(stop, tasks)
        else:
            async with serving(api, host, port, offices[0].settings.proxies):
                await _until(stop, tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for office in offices:
            await office.close()


async def _until(stop: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done:
        task.result()  # a worker that ended by itself has failed: say why and stop the process


def main(service: Service) -> None:
    """`python -m services.<name> api|worker|all|migrate`."""
    parser = argparse.ArgumentParser(prog=f"services.{service.name}", description=service.title)
    parser.add_argument("part", choices=["api", "worker", "all", "migrate"])
    part = parser.parse_args().part
    start_logging()
    asyncio.run(_run_part(service, part))


async def _run_part(service: Service, part: str) -> None:
    from libs.common.api.application import create_api  # only a process that serves needs the web framework

    settings = service.settings()
    office = create_office(service, settings)
    if part == "migrate":
        await office.migrate()
        return await office.close()
    api = create_api(office) if part in ("api", "all") else None
    await run([office], api=api, host=settings.host, port=settings.port, work=part in ("worker", "all"))
