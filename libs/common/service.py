"""A service (服务) as it is declared, and one at a node: what every door, worker and command is handed."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData

from libs.common import migrations
from libs.common.database import Transaction
from libs.common.events.envelope import Event
from libs.common.inbox import Inbox, Subscriptions
from libs.common.indicators import Indicators
from libs.common.listener import Listener
from libs.common.node import NodeContext
from libs.common.pools import Database, Timeouts
from libs.common.relay import heard_on
from libs.common.settings import Settings
from libs.common.telemetry import Metrics

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI


# Connections that write, and as many that only read, of a process: beside its door hardly more than one for each worker.
DOOR_POOL, WORK_POOL = 10, 4


@dataclass(frozen=True, eq=False)
class Service:
    """What a service consists of; each `app.py` exposes one as SERVICE, and nothing else needs to know its rooms."""

    name: str
    title: str
    settings: type[Settings]
    metadata: MetaData
    routers: Sequence[APIRouter]
    subscriptions: Subscriptions
    announces: Sequence[type[Event]]
    # Figures that it states of its divisions, if it counts any.
    indicators: Indicators | None = None
    background: Sequence[Callable[[ServiceContext], Awaitable[None]]] = ()
    # What is to be forgotten in time beside what every service forgets: each removes a batch and answers how many it took.
    forgets: Sequence[Callable[[Transaction, Any, int], Awaitable[int]]] = ()
    # What every process that serves keeps at hand, made empty with the context, and what keeps it in step with the database.
    cache: Callable[[], Any] | None = None
    refresh: Callable[[ServiceContext], Awaitable[None]] | None = None
    extend: Callable[[FastAPI, ServiceContext], None] | None = None

    @property
    def migrations(self) -> Path:
        module = importlib.import_module(f"services.{self.name}")
        return Path(str(module.__file__)).parent / "migrations"


@dataclass(eq=False)
class ServiceContext:
    """A service at a node: its settings, its node, its database and how it handles events."""

    service: Service
    settings: Settings
    node: NodeContext
    database: Database
    metrics: Metrics
    inbox: Inbox = field(init=False)
    cache: Any = field(init=False)
    # What was opened for it besides, closed with it.
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list, init=False)
    journal_listener: Listener = field(init=False)

    def __post_init__(self) -> None:
        self.cache = self.service.cache() if self.service.cache else None
        self.inbox = self.open_inbox()
        self.journal_listener = Listener(self.database, heard_on(self.service.name))

    def open_inbox(self) -> Inbox:
        whole, days = self.settings.letters_whole, self.settings.inbox_days
        return Inbox(self.database, self.service.subscriptions, self.metrics, whole=whole, days=days)

    def for_work(self) -> ServiceContext:
        """The same for what is done beside the door: with connections of its own, which wait as long as such work may."""
        settings, working = self.settings, copy(self)
        timeouts = Timeouts(
            settings.connect_seconds,
            settings.work_lock_seconds,
            settings.work_statement_seconds,
            settings.silence_seconds,
        )
        working.database = _open_database(self.service, settings, self.node, timeouts, WORK_POOL)
        working.inbox = working.open_inbox()
        return working

    async def migrate(self) -> None:
        """Bring the service's schema to its newest revision."""
        await migrations.migrate(self.database, self.service.migrations, self.service.metadata)

    async def close(self) -> None:
        for close in self.closing:
            await close()
        await self.node.neighbours.close()
        await self.journal_listener.close()
        await self.database.close()


def create_context(service: Service, settings: Settings, node: NodeContext | None = None) -> ServiceContext:
    """Put a service together at a node; several contexts of one process share their node."""
    node = node or NodeContext.read(settings)
    timeouts = Timeouts(
        settings.connect_seconds, settings.door_lock_seconds, settings.door_statement_seconds, settings.silence_seconds
    )
    database = _open_database(service, settings, node, timeouts, DOOR_POOL)
    return ServiceContext(service, settings, node, database, Metrics(service.name))


def _open_database(
    service: Service, settings: Settings, node: NodeContext, timeouts: Timeouts, pool_size: int
) -> Database:
    return Database(
        settings.url_of_database(),
        service.name,
        node,
        owner_url=settings.url_of_owner(),
        pool_size=pool_size,
        timeouts=timeouts,
        migration_lock=settings.migration_lock_seconds,
    )
