"""A transaction begins with its first statement and ends once: kept or gone, whatever breaks, and its connection serves the next one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError

from libs.common.database import CommitRefused, NothingRemembered
from libs.common.prepared_queries import PreparedQuery
from libs.common.service import ServiceContext
from tests.support.eventually import eventually
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE, tally

ADD = text("INSERT INTO sample.tally VALUES (:who, 1)")


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE)


async def closed(connection: Any) -> bool:
    return bool(connection.is_closed())


async def counted(context: ServiceContext) -> int:
    async with context.database.reading() as tx:
        return len(await tx.ask(PreparedQuery(select(tally))))


async def test_what_ends_well_is_kept_and_what_does_not_is_gone(context: ServiceContext) -> None:
    async with context.database.transaction() as tx:
        await tx.execute(ADD, {"who": "kept"})

    async def fail() -> None:
        async with context.database.transaction() as tx:
            await tx.execute(ADD, {"who": "gone"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await counted(context) == 1


async def test_a_failed_statement_that_somebody_overlooks_is_no_commit(context: ServiceContext) -> None:
    """PostgreSQL answers ROLLBACK to the COMMIT of such a transaction, and says no more."""

    async def overlook() -> None:
        async with context.database.transaction() as tx:
            await tx.execute(ADD, {"who": "a"})
            with suppress(DBAPIError):
                await tx.execute(text("SELECT 1 / 0"))

    with pytest.raises(CommitRefused):
        await overlook()
    assert await counted(context) == 0


async def test_a_transaction_that_is_called_off_leaves_nothing_on_its_connection(context: ServiceContext) -> None:
    async def wait() -> None:
        async with context.database.transaction() as tx:
            await tx.execute(ADD, {"who": "a"})
            held.set()
            await tx.execute(text("SELECT pg_sleep(60)"))

    for _ in range(15):  # more than there are connections
        held = asyncio.Event()
        task = asyncio.create_task(wait())
        await held.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await counted(context) == 0


async def test_connections_whose_server_went_away_meanwhile_are_replaced_before_they_are_used(
    context: ServiceContext,
) -> None:
    for opened in (context.database.transaction, context.database.reading):
        async with opened() as tx:
            gone = await tx.raw()
        killer = await context.database.connect_raw()
        await killer.execute("SELECT pg_terminate_backend($1)", gone.get_server_pid())
        await killer.close()
        await eventually(partial(closed, gone))
        async with opened() as tx:
            assert await (await tx.raw()).fetchval("SELECT 1") == 1


async def test_nothing_is_taken_from_the_pool_before_the_first_statement(context: ServiceContext) -> None:
    async with context.database.transaction(), context.database.reading():
        assert context.database._writers.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_what_only_looks_can_leave_nothing_in_the_trail_and_says_so(context: ServiceContext) -> None:
    tx = context.database.open_reading()
    tx.trail.note(entities=["a"])
    with pytest.raises(NothingRemembered):
        await tx.commit()


async def test_a_question_gives_what_the_toolkit_gives(context: ServiceContext) -> None:
    wanted = select(tally).where(tally.c.name == bindparam("who"))
    async with context.database.transaction() as tx:
        await tx.execute(ADD, {"who": "a"})
        assert [tuple(row) for row in await tx.ask(PreparedQuery(wanted), who="a")] == [
            tuple(row) for row in await tx.execute(wanted, {"who": "a"})
        ]
