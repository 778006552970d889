"""A service's own database: transactions that the doors open, migrations and ids."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import uuid_utils
from alembic import command
from alembic.config import Config
from sqlalchemy import ColumnElement, Connection, MetaData, Table, any_, bindparam, column, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON, Insert, insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable

from libs.common.home import Home

# How long hints to the relay are gathered into one NOTIFY; a NOTIFY inside business transactions would serialise commits.
COALESCE_SECONDS = 0.003


def new_id() -> UUID:
    """A UUIDv7: unique, and in the order of creation."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def to_json(value: Any) -> str:
    """JSON text for a jsonb parameter."""
    return json.dumps(value, ensure_ascii=False, default=str)


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column is one of any number of values: they travel as one array, not as a parameter each."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def insert_all(table: Table, names: Sequence[str]) -> Insert:
    """An insert of any number of rows, the parameter `rows`: they travel as one JSON text, so that the statement is one and the
    same however many they are."""
    columns = [column(name, table.c[name].type) for name in names]
    given = func.json_to_recordset(bindparam("rows", type_=JSON)).table_valued(*columns).render_derived(with_types=True)
    return insert(table).from_select(list(names), select(given))


class Transaction:
    """One database transaction at one node. Operations are handed one and never commit it."""

    def __init__(self, connection: AsyncConnection, home: Home):
        self.connection = connection
        self.home = home
        self.announced = False
        self._begun = False

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one SQLAlchemy Core statement."""
        self._begun = True
        return await self.connection.execute(statement, parameters)

    async def raw(self) -> asyncpg.Connection[Any]:
        """The asyncpg connection of this same transaction, for hot and set-based statements."""
        if not self._begun:
            await self.execute(text("SELECT 1"))  # the driver begins a transaction with the first statement only
        driver = (await self.connection.get_raw_connection()).driver_connection
        assert driver is not None
        return driver


class Database:
    """Opens transactions and, after a commit that announced something, wakes the relay."""

    def __init__(self, url: str, schema: str, home: Home, *, pool_size: int = 5):
        self.schema = schema
        self.home = home
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=10, pool_timeout=10, json_serializer=to_json, hide_parameters=True,
            connect_args={"server_settings": {"search_path": schema, "application_name": f"xieli-{schema}"}},
        )  # fmt: skip
        self._hint: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commits at the end, rolls back on an exception."""
        async with self.engine.connect() as connection, connection.begin():
            tx = Transaction(connection, self.home)
            yield tx
        if tx.announced:
            self.wake_relay()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A transaction that is never committed."""
        async with self.engine.connect() as connection:
            yield Transaction(connection, self.home)

    def wake_relay(self) -> None:
        """One NOTIFY for everything committed within a few milliseconds; only a hint, the relay also polls."""
        if self._hint is None or self._hint.done():
            self._hint = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        await asyncio.sleep(COALESCE_SECONDS)
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": f"outbox_{self.schema}"})
            await connection.commit()

    async def connect_raw(self) -> asyncpg.Connection[Any]:
        """A connection of its own outside the pool, for LISTEN and advisory locks."""
        url = self.engine.url
        query = {key: value for key, value in url.query.items() if isinstance(value, str)}
        return await asyncpg.connect(
            user=url.username, password=url.password, database=url.database, host=url.host or query.get("host"),
            port=url.port or int(query.get("port", 5432)), server_settings={"search_path": self.schema},
        )  # fmt: skip

    async def close(self) -> None:
        if self._hint is not None:
            await asyncio.gather(self._hint, return_exceptions=True)
        await self.engine.dispose()


def _alembic(migrations: Path, schema: str, metadata: MetaData, connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes.update(connection=connection, metadata=metadata, schema=schema)
    return config


async def migrate(
    database: Database, migrations: Path, metadata: MetaData, step: Callable[[Config], None] | None = None
) -> None:
    """Bring a service's schema to its newest revision; two migrations at once wait for each other."""
    go = step or (lambda config: command.upgrade(config, "head"))
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": database.schema})
        await connection.run_sync(lambda sync: go(_alembic(migrations, database.schema, metadata, sync)))
