"""A service's own database as operations and stores see it: transactions with a reach, ids, and statements over many rows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import uuid_utils
from sqlalchemy import ColumnElement, Table, any_, bindparam, column, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON, Insert, insert
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql import Executable, TableValuedAlias
from sqlalchemy.util import greenlet_spawn

from libs.common.access.reach import SEPARATOR, SERVICE, Reach
from libs.common.audit.chain import append
from libs.common.audit.trail import Trail
from libs.common.node import NodeContext
from libs.common.prepared_queries import PreparedQuery
from libs.common.telemetry import log

F = TypeVar("F")


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
    return insert(table).from_select(list(names), select(rows_given(table, names)))


def rows_given(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """The parameter `rows` as a table of some of another's columns, so that one statement writes any number of rows."""
    columns = [column(name, table.c[name].type) for name in names]
    return func.json_to_recordset(bindparam("rows", type_=JSON)).table_valued(*columns).render_derived(with_types=True)


class Connection(asyncpg.Connection):  # type: ignore[misc]  # the driver has no types
    """Knows how far the last one who only read was told that he reaches; without being told, no row is there."""

    told = ""

    async def begin(self, reach: Reach) -> None:
        """A transaction with its reach, in one round trip."""
        await self.execute(f"BEGIN; {settings_of(reach)}")

    async def reach_for(self, reach: Reach) -> None:
        """For the statements that follow, which are no transaction, until another is told; the same twice costs nothing."""
        settings = settings_of(reach, until_end=False)
        if settings != self.told:
            self.told = ""  # should it be interrupted, nobody knows what holds
            await self.execute(settings)
            self.told = settings


@lru_cache(1024)
def settings_of(reach: Reach, *, until_end: bool = True) -> str:
    """The statement that tells the policies of the database how far the transaction reaches, until it ends, or else the connection."""
    whose = SEPARATOR.join(reach.whose).replace("'", "''").replace("\0", "")
    local = str(until_end).lower()
    return f"SELECT set_config('xieli.reach', '{reach.kind}', {local}), set_config('xieli.whose', '{whose}', {local})"


class Transaction:
    """One database transaction at one node, with a reach. Operations are handed one and never commit it.

    It begins with its first statement: who is refused before that has taken no connection.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        node: NodeContext,
        reach: Callable[[], Reach],
        tell: Callable[[set[str]], None] | None = None,
    ):
        self.node = node
        self.hints: set[str] = set()
        self.trail = Trail()
        self._engine = engine
        self._ask = reach
        self._tell_hints = tell
        self._reach: Reach | None = None
        self._proxied: PoolProxiedConnection | None = None
        self._driver: Connection | None = None
        self._toolkit: AsyncConnection | None = None

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
            if self._driver is not None:
                await self._tell(self._driver)

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run one SQLAlchemy Core statement."""
        await self.raw()
        if self._toolkit is None:
            self._toolkit = AsyncConnection(self._engine, SyncConnection(self._engine.sync_engine, self._proxied))
        return await self._toolkit.execute(statement, parameters)

    async def ask(self, question: PreparedQuery[F], **given: Any) -> list[F]:
        """The rows of a statement that was put together once."""
        return await question.ask(await self.raw(), given)

    async def raw(self) -> asyncpg.Connection[Any]:
        """The asyncpg connection of this same transaction, for hot and set-based statements."""
        if self._driver is None:
            self._proxied, self._driver = await _take(self._engine)
            await self._begin(self._driver)
        return self._driver

    def hint(self, what: str) -> None:
        """Wake whoever listens for it, in whichever process, once this is committed: a NOTIFY in the transaction itself would
        make commits wait for each other."""
        self.hints.add(what)

    async def commit(self) -> None:
        """The end of what went well, with what is to be remembered of it."""
        if self.trail.records:
            await append(await self.raw(), self.trail.records, to_json)
        if self._driver is None:
            return
        if (ended := await self._driver.execute("COMMIT")) != "COMMIT":
            raise CommitRefused(ended)
        await self._let_go()
        if self.hints and self._tell_hints:
            self._tell_hints(self.hints)

    async def roll_back(self, because: BaseException | None = None) -> None:
        """The end of what did not, also of what was called off: nothing of it stays, on no connection.

        A server that did not answer in time is asked nothing more on this connection, and nobody else gets it.
        """
        if isinstance(because, TimeoutError) and self._driver is not None:
            self._driver.terminate()
        await asyncio.shield(self._roll_back())

    async def _begin(self, driver: Connection) -> None:
        await driver.begin(self.reach)

    async def _tell(self, driver: Connection) -> None:
        await driver.execute(settings_of(self.reach))

    async def _roll_back(self) -> None:
        try:
            if self._driver is not None and self._driver.is_in_transaction():
                await self._driver.execute("ROLLBACK")
        except Exception as error:  # noqa: BLE001 whatever it is, it comes after the failure that matters, and PostgreSQL rolls back by itself
            log.info("connection_thrown_away", why=type(error).__name__)
        finally:
            await self._let_go()

    async def _let_go(self) -> None:
        proxied, driver, self._proxied, self._driver, self._toolkit = self._proxied, self._driver, None, None, None
        # Of what is called off amid a statement, the toolkit has thrown the connection away.
        if proxied is not None and driver is not None and proxied.is_valid:
            unfit = driver.is_closed() or driver.is_in_transaction()
            await greenlet_spawn(proxied.invalidate if unfit else proxied.close)


class ReadTransaction(Transaction):
    """Statements that change nothing, each by itself, on a connection that cannot write: no BEGIN and no COMMIT to wait for."""

    async def commit(self) -> None:
        await self._let_go()
        if self.trail.noted:
            raise NothingRemembered("what is to be remembered is written: ask for Tx")

    async def pause(self) -> None:
        """The connection is free for others until the next statement takes one again: for who reads long in portions."""
        await self._let_go()

    async def _begin(self, driver: Connection) -> None:
        await driver.reach_for(self.reach)

    _tell = _begin


class NothingRemembered(RuntimeError):
    """Something was noted for the trail in a transaction that cannot write: it would be lost, and nobody would know."""


class CommitRefused(RuntimeError):
    """A statement had failed and somebody went on as if it had not: PostgreSQL rolls back what it is asked to commit."""


async def _take(engine: AsyncEngine) -> tuple[PoolProxiedConnection, Connection]:
    """A connection from the pool, whose server has not gone away meanwhile, without what the toolkit puts around it: a third of the cost."""
    while True:
        proxied = await engine.raw_connection()
        driver = proxied.driver_connection
        assert isinstance(driver, Connection)
        if not driver.is_closed():
            return proxied, driver
        await greenlet_spawn(proxied.invalidate)
