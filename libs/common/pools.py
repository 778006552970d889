"""The connections of a service (连接池): those that write, those that only read, the owner's, and the hints that wake who listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from libs.common.access.reach import SERVICE, Reach
from libs.common.database import Connection, ReadTransaction, Transaction, to_json
from libs.common.faults import DatabaseAway, is_transient
from libs.common.node import NodeContext
from libs.common.telemetry import log

# How long hints are gathered into one NOTIFY; a NOTIFY inside business transactions would serialise commits.
COALESCE_SECONDS = 0.003
_NOTIFY = "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel"


@dataclass(frozen=True)
class Timeouts:
    """How many seconds somebody waits (等待上限): for a connection, for a lock that another one holds, for a statement, and how much
    longer for the answer of a server that says nothing; 0 is for ever."""

    connect: float = 5.0
    lock: float = 3.0
    statement: float = 60.0
    silence: float = 5.0

    @property
    def answer(self) -> float | None:
        """After what time nobody waits for an answer any more: a server that is well has called the statement off before."""
        return self.statement + self.silence if self.statement and self.silence else None

    def settings(self) -> dict[str, str]:
        """As PostgreSQL is told with the connection, so that no statement has to say it."""
        return {"lock_timeout": str(round(self.lock * 1000)), "statement_timeout": str(round(self.statement * 1000))}


def _as_node() -> Reach:
    return SERVICE


# For a connection outside of the doors: the relay, a listener, a migration.
AS_NODE = {"xieli.reach": SERVICE.kind}


class Database:
    """Opens transactions and, after a commit, wakes whoever listens for what was done."""

    def __init__(
        self,
        url: str,
        schema: str,
        node: NodeContext,
        *,
        owner_url: str = "",
        pool_size: int = 10,
        timeouts: Timeouts = Timeouts(),
        migration_lock: float = 60.0,
    ):
        self.owner_url = owner_url
        self.timeouts = timeouts
        self.migration_lock = migration_lock
        self.schema = schema
        self.node = node
        self.url = url
        self._writers = self._connect(pool_size)
        # Apart from those that write: how far a reader reaches stays with its connection until the next one is told.
        self._readers = self._connect(pool_size, default_transaction_read_only="on")
        self._hints: set[str] = set()
        self._telling: asyncio.Task[None] | None = None

    def _connect(self, pool_size: int, **settings: str) -> AsyncEngine:
        """Transactions begin and end in `Transaction`, so that each begins with its reach: the toolkit itself begins none."""
        settings |= {"search_path": self.schema, "application_name": f"xieli-{self.schema}", **self.timeouts.settings()}
        return create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_use_lifo=True,
            isolation_level="AUTOCOMMIT",
            json_serializer=to_json,
            hide_parameters=True,
            connect_args={
                "async_creator_fn": self._dial,
                "connection_class": Connection,
                "command_timeout": self.timeouts.answer,
                "server_settings": settings,
            },
        )

    async def _dial(self, **how: Any) -> asyncpg.Connection[Any]:
        """One connection; nobody there is said in one word, whatever the operating system calls it."""
        try:
            return await asyncpg.connect(**how, timeout=self.timeouts.connect or None)
        except OSError as error:
            raise DatabaseAway(f"{type(error).__name__}: {error}") from error

    @asynccontextmanager
    async def transaction(self, reach: Callable[[], Reach] = _as_node) -> AsyncIterator[Transaction]:
        """Commits at the end, with what is to be remembered of it; rolls back on an exception. The node's own, unless somebody is asking."""
        tx = self.open(reach)
        try:
            yield tx
            await tx.commit()
        except BaseException as error:
            await tx.roll_back(error)
            raise

    @asynccontextmanager
    async def reading(self, reach: Callable[[], Reach] = _as_node) -> AsyncIterator[ReadTransaction]:
        """What only looks. The node's own, unless somebody is asking."""
        tx = self.open_reading(reach)
        try:
            yield tx
        except BaseException as error:
            await tx.roll_back(error)
            raise
        await tx.roll_back()

    def open(self, reach: Callable[[], Reach] = _as_node) -> Transaction:
        """For whoever ends it by himself, by `commit` or `roll_back`."""
        return Transaction(self._writers, self.node, reach, self.tell)

    def open_reading(self, reach: Callable[[], Reach] = _as_node) -> ReadTransaction:
        """The same of what only looks; either end will do."""
        return ReadTransaction(self._readers, self.node, reach)

    def channel(self, hint: str) -> str:
        """Where a hint of this service is told and heard."""
        return f"{hint}_{self.schema}"

    def tell(self, hints: set[str]) -> None:
        """One NOTIFY for everything committed within a few milliseconds; only a hint, whoever hears it also looks by himself."""
        self._hints |= hints
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        while self._hints:
            await asyncio.sleep(COALESCE_SECONDS)
            hints, self._hints = self._hints, set()
            try:
                async with self.reading() as tx:
                    await (await tx.raw()).execute(_NOTIFY, [self.channel(hint) for hint in sorted(hints)])
            except Exception as error:
                if not is_transient(error):
                    raise
                log.info("hint_lost", error=type(error).__name__)

    async def connect_raw(self) -> asyncpg.Connection[Any]:
        """A connection of its own outside the pool, for LISTEN and advisory locks."""
        url = make_url(self.url)
        query = {key: value for key, value in url.query.items() if isinstance(value, str)}
        return await self._dial(
            user=url.username,
            password=url.password,
            database=url.database,
            host=url.host or query.get("host"),
            port=url.port or int(query.get("port", 5432)),
            command_timeout=self.timeouts.answer,
            server_settings={"search_path": self.schema, **self.timeouts.settings(), **AS_NODE},
        )

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of the role that owns the schema, which only migrations are: a statement takes as long as it takes, but
        whoever waits for a table keeps everybody else waiting behind him."""
        patience = Timeouts(lock=self.migration_lock, statement=0).settings()
        settings = {
            "search_path": self.schema,
            "application_name": f"xieli-{self.schema}-migrate",
            **patience,
            **AS_NODE,
        }
        how = {"async_creator_fn": self._dial, "server_settings": settings}
        engine = create_async_engine(self.owner_url, poolclass=NullPool, connect_args=how)
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()

    async def close(self) -> None:
        if self._telling is not None:
            await asyncio.gather(self._telling, return_exceptions=True)
        await self._readers.dispose()
        await self._writers.dispose()
