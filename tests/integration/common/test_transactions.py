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
from libs.common.questions import Question
from libs.common.runtime import Office
from tests.support.eventually import eventually
from tests.support.nodes import Nodes
from tests.support.sample import SERVICE, tally

ADD = text("INSERT INTO sample.tally VALUES (:who, 1)")


@pytest.fixture
async def office(nodes: Nodes) -> Office:
    return await nodes.open(SERVICE)


async def closed(connection: Any) -> bool:
    return bool(connection.is_closed())


async def counted(office: Office) -> int:
    async with office.database.reading() as tx:
        return len(await tx.ask(Question(select(tally))))


async def test_what_ends_well_is_kept_and_what_does_not_is_gone(office: Office) -> None:
    async with office.database.transaction() as tx:
        await tx.execute(ADD, {"who": "kept"})

    async def fail() -> None:
        async with office.database.transaction() as tx:
            await tx.execute(ADD, {"who": "gone"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await counted(office) == 1


async def test_a_failed_statement_that_somebody_overlooks_is_no_commit(office: Office) -> None:
    """PostgreSQL answers ROLLBACK to the COMMIT of such a transaction, and says no more."""

    async def overlook() -> None:
        async with office.database.transaction() as tx:
            await tx.execute(ADD, {"who": "a"})
            with suppress(DBAPIError):
                await tx.execute(text("SELECT 1 / 0"))

    with pytest.raises(CommitRefused):
        await overlook()
    assert await counted(office) == 0


async def test_a_transaction_that_is_called_off_leaves_nothing_on_its_connection(office: Office) -> None:
    async def wait() -> None:
        async with office.database.transaction() as tx:
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
    assert await counted(office) == 0


async def test_connections_whose_server_went_away_meanwhile_are_replaced_before_they_are_used(office: Office) -> None:
    for opened in (office.database.transaction, office.database.reading):
        async with opened() as tx:
            gone = await tx.raw()
        killer = await office.database.connect_raw()
        await killer.execute("SELECT pg_terminate_backend($1)", gone.get_server_pid())
        await killer.close()
        await eventually(partial(closed, gone))
        async with opened() as tx:
            assert await (await tx.raw()).fetchval("SELECT 1") == 1


async def test_nothing_is_taken_from_the_pool_before_the_first_statement(office: Office) -> None:
    async with office.database.transaction(), office.database.reading():
        assert office.database._writers.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_what_only_looks_can_leave_nothing_in_the_trail_and_says_so(office: Office) -> None:
    tx = office.database.open_reading()
    tx.trail.note(entities=["a"])
    with pytest.raises(NothingRemembered):
        await tx.commit()


async def test_a_question_gives_what_the_toolkit_gives(office: Office) -> None:
    wanted = select(tally).where(tally.c.name == bindparam("who"))
    async with office.database.transaction() as tx:
        await tx.execute(ADD, {"who": "a"})
        assert [tuple(row) for row in await tx.ask(Question(wanted), who="a")] == [
            tuple(row) for row in await tx.execute(wanted, {"who": "a"})
        ]
