"""A database that is away is no fault of an event; a value that it has no room for is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine

from libs.common.database import Connection
from libs.common.faults import DatabaseAway, is_transient
from libs.common.pools import Database
from libs.common.problems import Conflict, Unavailable
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE

AWAY = [
    "08000",
    "08006",
    "28P01",
    "53300",
    "53100",
    "57P01",
    "57P02",
    "57P03",
    "25006",
    "58030",
    "40001",
    "40P01",
    "55P03",
]
OWN = ["22P05", "22021", "22003", "22P02", "23505", "23502", "42P01", "42501", "54000", "57014", "P0001"]


async def failure_of(context: ServiceContext, state: str, *, raw: bool) -> Exception:
    """What a handler sees when PostgreSQL answers with a state, through either of the two ways it has."""
    query = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    with pytest.raises(Exception) as failed:  # noqa: PT011  the class differs with the state, which is the point
        async with context.database.transaction() as tx:
            await ((await tx.raw()).execute(query) if raw else tx.execute(text(query)))
    return failed.value


@pytest.mark.parametrize("raw", [True, False])
async def test_states_of_postgresql_tell_whose_fault_it_is(nodes: Nodes, raw: bool) -> None:
    context = await nodes.open(SERVICE)
    assert [state for state in AWAY if not is_transient(await failure_of(context, state, raw=raw))] == []
    assert [state for state in OWN if is_transient(await failure_of(context, state, raw=raw))] == []


async def ask(context: ServiceContext, query: str, value: object, *, raw: bool) -> None:
    async with context.database.transaction() as tx:
        await (
            (await tx.raw()).execute(query.replace(":value", "$1"), value)
            if raw
            else tx.execute(text(query), {"value": value})
        )


@pytest.mark.parametrize(
    ("kind", "value"), [("bigint", 10**30), ("bigint", "text"), ("text", "a\x00b"), ("text", "\ud800")]
)
@pytest.mark.parametrize("raw", [True, False])
async def test_a_value_without_room_is_the_events_own_fault(nodes: Nodes, kind: str, value: object, raw: bool) -> None:
    context = await nodes.open(SERVICE)
    with pytest.raises(Exception) as failed:  # noqa: PT011
        await ask(
            context, f"INSERT INTO sample.tally SELECT 'x', 1 WHERE CAST(:value AS {kind}) IS NULL", value, raw=raw
        )
    assert not is_transient(failed.value)


async def end_the_session(context: ServiceContext, *, raw: bool) -> None:
    async with context.database.transaction() as tx:
        connection = await tx.raw()
        killer = await context.database.connect_raw()
        await killer.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
        await killer.close()
        await (connection.execute("SELECT 1") if raw else tx.execute(text("SELECT 1")))


@pytest.mark.parametrize("raw", [True, False])
async def test_a_session_that_is_ended_under_a_handler_is_away(nodes: Nodes, raw: bool) -> None:
    context = await nodes.open(SERVICE)
    with pytest.raises(Exception) as failed:  # noqa: PT011
        await end_the_session(context, raw=raw)
    assert is_transient(failed.value)


async def test_nobody_there_no_connection_left_and_a_neighbour_away_are_all_away(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    context.database._writers = engine = create_async_engine(
        context.database.url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.01,
        connect_args={"connection_class": Connection},
    )
    async with context.database.transaction() as tx:
        await tx.raw()
        with pytest.raises(PoolTimeout) as full:
            async with context.database.transaction() as other:
                await other.raw()
    await engine.dispose()
    nowhere = Database("postgresql+asyncpg://x@/x?host=/nowhere", "sample", context.node)
    with pytest.raises(DatabaseAway, match="FileNotFound") as nobody:
        await nowhere.connect_raw()
    assert all(map(is_transient, (full.value, nobody.value, TimeoutError(), Unavailable(), ConnectionResetError())))
    assert not any(map(is_transient, (Conflict(), ValueError(), KeyError(), RecursionError(), UnicodeError())))


@asynccontextmanager
async def a_server_that_says(state: str, directory: Path) -> AsyncIterator[str]:
    """Answers every connection as PostgreSQL does while it starts up or recovers: with one error, before anything else."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        told = f"SFATAL\0VFATAL\0C{state}\0Mthe database system is starting up\0\0".encode()
        writer.write(b"E" + (len(told) + 4).to_bytes(4, "big") + told)
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(refuse, directory / ".s.PGSQL.5432"):
        yield f"postgresql+asyncpg://x@/x?host={directory}"


async def write(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.raw()


async def read(database: Database) -> None:
    async with database.reading() as tx:
        await tx.execute(text("SELECT 1"))


async def listen(database: Database) -> None:
    await database.connect_raw()


async def migrate(database: Database) -> None:
    async with database.as_owner():
        pass


@pytest.mark.parametrize("way_in", [write, read, listen, migrate])
@pytest.mark.parametrize("state", ["57P03", "53300"])
async def test_a_database_that_is_starting_up_or_full_is_away_by_every_way_in(
    nodes: Nodes, tmp_path: Path, way_in: Callable[[Database], Awaitable[None]], state: str
) -> None:
    home = (await nodes.open(SERVICE)).node
    async with a_server_that_says(state, tmp_path) as url:
        database = Database(url, "sample", home, owner_url=url)
        with pytest.raises(Exception, match="starting up") as refused:
            await way_in(database)
        assert is_transient(refused.value)
        await database.close()
