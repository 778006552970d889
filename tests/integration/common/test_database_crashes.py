"""PostgreSQL is killed and recovers under every kind of work: the door says try again, nothing is parked, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from deploy.local.postgres import DATABASE, Postgres, ask, roles_sql, schemas_sql, start_postgres
from libs.common import housekeeping, supervision, workers
from libs.common.kafka_connection import KafkaConnection
from libs.common.service import ServiceContext
from tests.support import eventually
from tests.support.nodes import Nodes, client_of
from tests.support.sample import SERVICE, Counted, Told
from tests.support.servers import session_directory

NAMES = ("a", "b", "c", "d")
EACH = 40


class Server:
    """A PostgreSQL of this test's own, for it is not well treated."""

    def __init__(self, home: Path):
        home.mkdir()
        self.data, self.log = home / "postgres", home / "postgres.log"
        self.running: Postgres = start_postgres(self.data, self.log)

    def shut_down_at_once(self) -> None:
        """As `pg_ctl stop -m immediate` does, or a machine that loses power: the next start has to recover."""
        process = self.running.running.process()
        assert process is not None
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(10)
        self.running = start_postgres(self.data, self.log)

    def lose_a_backend(self) -> None:
        """One of its processes is killed: the server throws everybody out and recovers by itself."""
        busy = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'xieli%' ORDER BY random() LIMIT 1"
        if pid := ask(self.running.socket, busy):
            os.kill(int(pid), signal.SIGKILL)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    own = Server(session_directory() / "crashing")
    ask(own.running.socket, roles_sql(["sample"]))
    ask(own.running.socket, schemas_sql(DATABASE, ["sample"]), database=DATABASE)
    yield own
    own.running.stop()
    shutil.rmtree(own.data.parent)


@pytest.fixture
async def context(
    server: Server, nodes: Nodes, kafka: KafkaConnection, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[ServiceContext]:
    for event in (Counted, Told):
        monkeypatch.setattr(event, "AGGREGATE", f"sample.t{random.getrandbits(40):x}")
    monkeypatch.setattr(supervision, "RESTART_SECONDS", 0.05)
    monkeypatch.setattr(housekeeping, "EVERY_SECONDS", 0.05)
    # A node whose consumer group no other test uses: the broker remembers a member's topics for ten seconds.
    opened = await nodes.open(SERVICE, "n370100", kafka=kafka, database=server.running.url)
    await opened.migrate()
    yield opened
    await opened.close()


async def post_until_taken(client: httpx.AsyncClient, name: str, number: int) -> Counter[int]:
    """As a careful client does: the same key until it is answered; what it is told on the way."""
    told = Counter[int]()
    while not told[201]:
        body, key = {"name": name, "number": number}, {"Idempotency-Key": f"{name}-{number}"}
        answer = await client.post("/sample/v1/counts", json=body, headers=key)
        told[answer.status_code] += 1
        assert answer.status_code == 201 or (answer.status_code == 503 and answer.headers["retry-after"]), answer.text
        await asyncio.sleep(0.01)
    return told


async def count_of(context: ServiceContext, query: str) -> list[tuple[object, ...]]:
    async with context.database.reading() as tx:
        return [tuple(row) for row in (await tx.execute(text(query))).all()]


async def test_nothing_is_parked_and_nothing_lost_when_postgresql_crashes(
    server: Server, context: ServiceContext
) -> None:
    async with client_of(context) as client:

        async def write(name: str) -> Counter[int]:
            return sum([await post_until_taken(client, name, number) for number in range(EACH)], Counter[int]())

        async with asyncio.timeout(120), asyncio.TaskGroup() as group:
            working = group.create_task(workers.work(context))
            writing = [group.create_task(write(name)) for name in NAMES]
            for crash in (server.shut_down_at_once, server.lose_a_backend) * 2:
                await asyncio.to_thread(crash)
                await asyncio.sleep(0.2)
            told = [await each for each in writing]
            await eventually(_all_counted(context), within=60)
            working.cancel()
    for table in ("parked", "dead_letter", "gap"):
        assert await count_of(context, f"SELECT * FROM {table}") == []
    assert [each[201] for each in told] == [EACH] * len(NAMES)


def _all_counted(context: ServiceContext) -> Callable[[], Awaitable[bool]]:
    async def ask_for_them() -> bool:
        try:
            return dict(await count_of(context, "SELECT name, count FROM tally")) == dict.fromkeys(NAMES, EACH)
        except Exception:  # noqa: BLE001 the database may still be on its way up; what is wrong for good shows when time is up
            return False

    return ask_for_them
