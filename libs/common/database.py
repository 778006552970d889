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
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnElement, MetaData, Table, any_, bindparam, column, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON, Insert, insert
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import Executable

from libs.common.access import row_security
from libs.common.access.reach import SEPARATOR, SERVICE, Reach
from libs.common.audit.chain import append
from libs.common.audit.trail import Trail
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


class Connection(asyncpg.Connection):  # type: ignore[misc]  # the driver has no types
    """Begins each transaction with the reach that it has, in the same round trip; without one, no row is there."""

    settings = ""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:
        if query.startswith("BEGIN") and not args:
            query, self.settings = query + self.settings, ""
        return str(await super().execute(query, *args, timeout=timeout))


def settings_of(reach: Reach) -> str:
    """The statement that tells the policies of the database how far the transaction reaches, until it ends."""
    whose = SEPARATOR.join(reach.whose).replace("'", "''").replace("\0", "")
    return f"SELECT set_config('xieli.reach', '{reach.kind}', true), set_config('xieli.whose', '{whose}', true)"


class Transaction:
    """One database transaction at one node, with a reach. Operations are handed one and never commit it."""

    def __init__(self, connection: AsyncConnection, home: Home, reach: Callable[[], Reach]):
        self.connection = connection
        self.home = home
        self.announced = False
        self.trail = Trail()
        self._begun = False
        self._ask = reach
        self._reach: Reach | None = None

    @property
    def reach(self) -> Reach:
        """Which rows this transaction is for: the stores narrow their queries to it, the database enforces it."""
        if self._reach is None:
            self._reach = self._ask()
        return self._reach

    async def widen(self) -> None:
        """From here on what follows is the node's own work: figures, announcements, other people's openings.

        Called when the row that the caller acts on has been found within the caller's own reach.
        """
        if self.reach.kind not in ("node", "service"):
            self._reach = SERVICE
            if self._begun:
                await self.connection.exec_driver_sql(settings_of(SERVICE))

    async def _begin(self) -> None:
        driver = (await self.connection.get_raw_connection()).driver_connection
        assert isinstance(driver, Connection)
        driver.settings = settings_of(self.reach)
        self._begun = True

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one SQLAlchemy Core statement."""
        if not self._begun:
            await self._begin()
        return await self.connection.execute(statement, parameters)

    async def raw(self) -> asyncpg.Connection[Any]:
        """The asyncpg connection of this same transaction, for hot and set-based statements."""
        if not self._begun:
            await self.execute(text("SELECT 1"))  # the driver begins a transaction with the first statement only
        driver = (await self.connection.get_raw_connection()).driver_connection
        assert driver is not None
        return driver


def _as_node() -> Reach:
    return SERVICE


# For a connection outside of the doors: the relay, a listener, a migration.
AS_NODE = {"xieli.reach": SERVICE.kind}


class Database:
    """Opens transactions and, after a commit that announced something, wakes the relay."""

    def __init__(self, url: str, schema: str, home: Home, *, owner_url: str = "", pool_size: int = 5):
        self.owner_url = owner_url
        self.schema = schema
        self.home = home
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=10, pool_timeout=10, json_serializer=to_json, hide_parameters=True,
            connect_args={"connection_class": Connection, "server_settings": {"search_path": schema, "application_name": f"xieli-{schema}"}},
        )  # fmt: skip
        self._hint: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self, reach: Callable[[], Reach] = _as_node) -> AsyncIterator[Transaction]:
        """Commits at the end, with what is to be remembered of it; rolls back on an exception. The node's own, unless somebody is asking."""
        async with self.engine.connect() as connection, connection.begin():
            tx = Transaction(connection, self.home, reach)
            yield tx
            if tx.trail.records:
                await append(await tx.raw(), tx.trail.records, to_json)
        if tx.announced:
            self.wake_relay()

    @asynccontextmanager
    async def reading(self, reach: Callable[[], Reach] = _as_node) -> AsyncIterator[Transaction]:
        """A transaction that is never committed. The node's own, unless somebody is asking."""
        async with self.engine.connect() as connection:
            yield Transaction(connection, self.home, reach)

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
            port=url.port or int(query.get("port", 5432)), server_settings={"search_path": self.schema, **AS_NODE},
        )  # fmt: skip

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of the role that owns the schema, which only migrations are."""
        settings = {"search_path": self.schema, "application_name": f"xieli-{self.schema}-migrate", **AS_NODE}
        engine = create_async_engine(self.owner_url, poolclass=NullPool, connect_args={"server_settings": settings})
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()

    async def close(self) -> None:
        if self._hint is not None:
            await asyncio.gather(self._hint, return_exceptions=True)
        await self.engine.dispose()


def _alembic(migrations: Path, schema: str, metadata: MetaData, connection: SyncConnection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes.update(connection=connection, metadata=metadata, schema=schema)
    return config


async def migrate(
    database: Database, migrations: Path, metadata: MetaData, step: Callable[[Config], None] | None = None
) -> None:
    """Bring a service's schema to its newest revision; two migrations at once wait for each other."""
    go = step or (lambda config: command.upgrade(config, "head"))
    async with database.as_owner() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:schema))"), {"schema": database.schema})
        if step or not await connection.run_sync(lambda sync: _is_newest(_alembic(migrations, database.schema, metadata, sync))):
            await connection.execute(text(row_security.lift(database.schema)))
            await connection.run_sync(lambda sync: go(_alembic(migrations, database.schema, metadata, sync)))
        if step is None:
            await _secure_rows(connection, metadata, database.schema)


def _is_newest(config: Config) -> bool:
    attributes = config.attributes
    context = MigrationContext.configure(attributes["connection"], opts={"version_table_schema": attributes["schema"]})
    return set(context.get_current_heads()) == set(ScriptDirectory.from_config(config).get_heads())


async def _secure_rows(connection: AsyncConnection, metadata: MetaData, schema: str) -> None:
    """Policies and grants follow from the tables; they are written when they are others than at the last time."""
    sql = row_security.statements(metadata, schema)
    digest = row_security.digest_of(sql)
    kept = (await connection.execute(text("SELECT obj_description(CAST(:schema AS regnamespace))"), {"schema": schema})).scalar()
    if kept != digest:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute(f"{sql}\nCOMMENT ON SCHEMA {schema} IS '{digest}'")
