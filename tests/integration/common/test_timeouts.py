"""Nobody waits for ever: for a connection, a lock or a statement, each kind of work as long as it was told."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from libs.common.faults import is_transient
from libs.common.pools import Database, Timeouts
from libs.common.problems import MEDIA_TYPE
from libs.common.service import ServiceContext
from tests.integration.common.test_faults import listen, migrate, read, write
from tests.support.nodes import Nodes, announced, client_of
from tests.support.sample import SERVICE
from tests.support.servers import connect_superuser

WaysIn = Callable[[Database], Awaitable[None]]
BODY = {"name": "a", "number": 1}
_TOLD = "SELECT name, setting::int FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout') AND source = 'client'"


@asynccontextmanager
async def somebody_holds(context: ServiceContext, table: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    owner = await connect_superuser(context.settings.database_url, "sample")
    try:
        async with owner.transaction():
            await owner.execute(f"LOCK TABLE {table}")
            yield owner
    finally:
        await owner.close()


@pytest.mark.parametrize("table", ["outbox", "idempotency", "audit_head"])
async def test_a_lock_that_is_not_had_in_time_is_told_with_when_to_try_again(nodes: Nodes, table: str) -> None:
    context = await nodes.open(SERVICE, door_lock_seconds=0.05)
    async with client_of(context) as client:
        async with somebody_holds(context, table):
            answer = await client.post("/sample/v1/counts", json=BODY, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.headers["content-type"]) == (503, MEDIA_TYPE), answer.text
        assert int(answer.headers["retry-after"]) > 0
        again = await client.post("/sample/v1/counts", json=BODY, headers={"Idempotency-Key": "k"})
        assert again.status_code == 201


async def test_a_statement_that_takes_too_long_is_called_off_and_told(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, door_statement_seconds=0.1)
    owner = await connect_superuser(context.settings.database_url, "sample")
    await owner.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(30); RETURN NEW; END$$"
    )
    await owner.execute("CREATE TRIGGER slow BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION slow()")
    await owner.close()
    async with client_of(context) as client:
        answer = await client.post("/sample/v1/counts", json=BODY)
    assert (answer.status_code, answer.headers["content-type"]) == (503, MEDIA_TYPE)
    assert int(answer.headers["retry-after"]) > 0


async def test_an_event_whose_lock_is_not_had_in_time_waits_and_is_not_parked(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, work_lock_seconds=0.05)
    async with client_of(context) as client:
        await client.post("/sample/v1/counts", json=BODY)
    arrivals = [arrival for arrival, _ in await announced(context)]
    working = context.for_work()
    async with somebody_holds(context, "tally"):
        with pytest.raises(Exception, match="lock timeout") as late:
            await working.inbox.receive(arrivals)
    assert is_transient(late.value)
    await working.inbox.receive(arrivals)
    async with context.database.reading() as tx:
        assert (await tx.execute(text("SELECT count FROM tally"))).scalars().all() == [1]
        assert (await tx.execute(text("SELECT * FROM parked"))).all() == []
    await working.database.close()


@asynccontextmanager
async def a_server_that_says_nothing(directory: Path) -> AsyncIterator[str]:
    async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_unix_server(keep_silent, directory / ".s.PGSQL.5432"):
        yield f"postgresql+asyncpg://x@/x?host={directory}"


@pytest.mark.parametrize("way_in", [write, read, listen, migrate])
async def test_a_server_that_takes_a_connection_and_says_nothing_is_away(
    nodes: Nodes, tmp_path: Path, way_in: WaysIn
) -> None:
    home = (await nodes.open(SERVICE)).node
    async with a_server_that_says_nothing(tmp_path) as url:
        database = Database(url, "sample", home, owner_url=url, timeouts=Timeouts(connect=0.05))
        with pytest.raises(Exception, match="TimeoutError") as refused:
            await way_in(database)
        assert is_transient(refused.value)
        await database.close()


@asynccontextmanager
async def every_backend_stopped(context: ServiceContext) -> AsyncIterator[None]:
    """As when the machine hangs: the processes that answer this database's connections are there and say nothing."""
    owner = await connect_superuser(context.settings.database_url, "sample")
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'xieli-sample'"
    stopped = [row["pid"] for row in await owner.fetch(ours)]
    await owner.close()
    assert stopped
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize(("method", "path"), [("GET", "dead-letters"), ("POST", "counts")])
async def test_a_server_that_falls_silent_holds_no_request_and_its_connection_is_asked_nothing_more(
    nodes: Nodes, method: str, path: str
) -> None:
    context = await nodes.open(SERVICE, door_statement_seconds=1.0, silence_seconds=0.2)

    async def ask(client: httpx.AsyncClient) -> httpx.Response:
        return await client.request(method, f"/sample/v1/{path}", json=BODY if method == "POST" else None)

    async with client_of(context, "officer" if method == "POST" else "operator") as client:
        well = await ask(client)
        assert well.status_code in (200, 201)
        async with every_backend_stopped(context):
            silent = await asyncio.wait_for(ask(client), 20)
            assert (silent.status_code, silent.headers["content-type"]) == (503, MEDIA_TYPE), silent.text
            assert int(silent.headers["retry-after"]) > 0
            other = await asyncio.wait_for(ask(client), 20)
            assert other.status_code == well.status_code, other.text


@pytest.mark.parametrize("way_in", [write, read])
async def test_work_beside_the_door_takes_a_silent_server_for_away(nodes: Nodes, way_in: WaysIn) -> None:
    context = await nodes.open(SERVICE, work_statement_seconds=1.0, silence_seconds=0.2)
    working = context.for_work()
    await way_in(working.database)
    async with every_backend_stopped(context):
        with pytest.raises(TimeoutError) as silent:
            await asyncio.wait_for(way_in(working.database), 20)
    assert is_transient(silent.value)
    await working.database.close()


def test_who_may_wait_for_ever_is_not_called_off() -> None:
    assert Timeouts(statement=60, silence=5).answer == 65
    assert Timeouts(statement=0, silence=5).answer is None
    assert Timeouts(statement=60, silence=0).answer is None


async def told_to_writers(database: Database) -> dict[str, int]:
    async with database.transaction() as tx:
        return dict(await (await tx.raw()).fetch(_TOLD))


async def told_to_readers(database: Database) -> dict[str, int]:
    async with database.reading() as tx:
        return dict(await (await tx.raw()).fetch(_TOLD))


async def told_to_listeners(database: Database) -> dict[str, int]:
    connection = await database.connect_raw()
    try:
        return dict(await connection.fetch(_TOLD))
    finally:
        await connection.close()


@pytest.mark.parametrize("ask", [told_to_writers, told_to_readers, told_to_listeners])
async def test_every_connection_was_told_when_it_was_made_how_long_its_kind_of_work_waits(
    nodes: Nodes, ask: Callable[[Database], Awaitable[dict[str, int]]]
) -> None:
    patience = {
        "door_lock_seconds": 1,
        "door_statement_seconds": 2,
        "work_lock_seconds": 3,
        "work_statement_seconds": 4,
    }
    context = await nodes.open(SERVICE, **patience)
    working = context.for_work()
    assert await ask(context.database) == {"lock_timeout": 1000, "statement_timeout": 2000}
    assert await ask(working.database) == {"lock_timeout": 3000, "statement_timeout": 4000}
    await working.database.close()


async def test_a_migration_waits_for_another_one_but_not_for_ever_for_a_table_in_use(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE, migration_lock_seconds=0.05)
    async with context.database.as_owner() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('sample'))"))
        second = asyncio.create_task(context.migrate())
        done, _ = await asyncio.wait([second], timeout=0.3)
        assert not done
    await second
    async with somebody_holds(context, "tally"), context.database.as_owner() as connection:
        with pytest.raises(Exception, match="lock timeout"):
            await connection.execute(text("ALTER TABLE tally ADD more int"))
        await connection.rollback()
