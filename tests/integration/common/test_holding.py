"""The watch over held rows catches each kind of long work, of a transaction that has written or locked and of no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from libs.common.database import Transaction, new_id
from libs.common.service import ServiceContext
from services.console.operations.hashing import Hasher
from services.matching.app import SERVICE
from services.matching.store.lists import insert_change, lock_person
from tests.support.holding import WATCH, WatchedConnection
from tests.support.nodes import Nodes


@pytest.fixture
async def office(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


async def writes(tx: Transaction) -> None:
    await insert_change(tx)


async def locks(tx: Transaction) -> None:
    await lock_person(tx, new_id())


async def locks_by_name(tx: Transaction) -> None:
    await (await tx.raw()).fetchval("SELECT pg_advisory_xact_lock(7)")


async def only_reads(tx: Transaction) -> None:
    assert isinstance(await tx.raw(), WatchedConnection)
    await (await tx.raw()).fetchval("SELECT count(*) FROM runs")


async def hash_beside(office: ServiceContext) -> None:
    await Hasher().keep("correct horse battery")


async def ask_neighbour(office: ServiceContext) -> None:
    await office.node.neighbours.get("registry", "matching", "/introductions/1/consent", office.node.clock.now())


KINDS: dict[str, Callable[[ServiceContext], Awaitable[None]]] = {"thread": hash_beside, "HTTP": ask_neighbour}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hold", [writes, locks, locks_by_name])
async def test_long_work_while_rows_are_held_is_seen(
    office: ServiceContext, kind: str, hold: Callable[[Transaction], Awaitable[None]]
) -> None:
    with WATCH.expecting() as breaches:
        async with office.database.transaction() as tx:
            await hold(tx)
            await KINDS[kind](office)
    assert [breach.split()[0] for breach in breaches] == [kind]


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_minds_it_before_the_first_lock_or_after_the_end(office: ServiceContext, kind: str) -> None:
    with WATCH.expecting() as breaches:
        async with office.database.transaction() as tx:
            await only_reads(tx)
            await KINDS[kind](office)
            await writes(tx)
        await KINDS[kind](office)
    assert breaches == []


async def test_another_task_may_work_while_this_one_holds(office: ServiceContext) -> None:
    with WATCH.expecting() as breaches:
        async with office.database.transaction() as tx:
            await writes(tx)
            await asyncio.create_task(hash_beside(office))
    assert breaches == []
