"""The yardsticks: `COPY` of the same file into one table, and FastAPI and asyncpg with nothing around them over plain copies of the people."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

from tests.bench.bare import bare_app, run_bare
from tests.bench.register.people import COLUMNS
from tests.support.servers import connect_superuser

_TIMES = 3
_PEOPLE = """
CREATE TABLE bare.person AS
SELECT p.id, p.household, p.sex, p.birth_date, p.township, p.village, p.ethnic_group, p.kinship, p.education, p.pupil, p.ability,
  p.health, p.disability, p.labourer, p.reasons, p.version, h.burden, s.work_place, s.channel, w.facts, w.visited
FROM registry.person p JOIN registry.household h ON h.id = p.household
LEFT JOIN registry.situation s ON s.person = p.id LEFT JOIN registry.wish w ON w.person = p.id;
ALTER TABLE bare.person ADD PRIMARY KEY (id);
ANALYZE bare.person;
GRANT USAGE ON SCHEMA bare TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA bare TO PUBLIC;
"""


class Copied(NamedTuple):
    """Seconds by the clock and of PostgreSQL's processor."""

    seconds: float
    processor: float


async def copy_file(url: str, file: Path) -> Copied:
    """The median of three times; the table of texts is gone afterwards."""
    connection = await connect_superuser(url, "registry")
    columns = ", ".join(f"c{at} text" for at, _ in enumerate(COLUMNS))
    backend, took = psutil.Process(connection.get_server_pid()), []
    try:
        for _ in range(_TIMES):
            await connection.execute(f"CREATE SCHEMA bare_copy CREATE TABLE people ({columns})")
            begun, before = time.perf_counter(), sum(backend.cpu_times()[:2])
            await connection.copy_to_table(
                "people", schema_name="bare_copy", source=file, format="csv", header=True, encoding="utf-8", timeout=900
            )
            took.append(Copied(time.perf_counter() - begun, sum(backend.cpu_times()[:2]) - before))
            await connection.execute("DROP SCHEMA bare_copy CASCADE")
    finally:
        await connection.close()
    return Copied(*map(median, zip(*took, strict=True)))


async def furnish(url: str) -> None:
    """Plain copies of what a list shows, and every table's statistics as they are a minute after an import."""
    connection = await connect_superuser(url, "registry")
    try:
        await connection.execute("VACUUM (ANALYZE)", timeout=900)
        await connection.execute(f"CREATE SCHEMA bare; {_PEOPLE}", timeout=900)
    finally:
        await connection.close()


def serve(database_url: str, door: socket.socket) -> None:
    app = bare_app(database_url, "registry")

    @app.get("/people")
    async def page() -> list[dict[str, Any]]:
        async with app.state.pool.acquire() as connection:
            return [dict(row) for row in await connection.fetch("SELECT * FROM bare.person ORDER BY id LIMIT 50")]

    run_bare(app, door)
