"""An agreement's progress (协议进度) after many events and after few: what a page costs, and one more start; both asked by turns."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.retention import SpellStarted
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.store.agreements import lock_agreement
from services.jobs.store.counting import update_counted
from tests.support.nodes import Nodes, client_of
from tests.support.servers import connect_superuser
from tests.support.telling import tell

CITY, COUNTIES, FIRMS, ASKED = "n370100", ("433124", "433126"), 110, 40
_TERMS: dict[str, Any] = {
    "origin": "433100",
    "title": "济南市—湘西州劳务协作协议",
    "since": "2017-01-01",
    "until": "2020-12-31",
    "posts": 3000,
    "students": 200,
    "fairs": 20,
    "counties": list(COUNTIES),
}
# Starts on the days of the term, of both counties and of all firms by turns; then the list and the figures as they follow from them.
_HAPPENED = """
INSERT INTO occurrences (kind, id, reference, same_as, county, city, day, employer_uscc, home)
SELECT 'posts', id, id, id, (ARRAY['433124', '433126'])[1 + n % 2], '370100', date '2017-01-01' + (n % 1461)::int,
  'FIRM' || lpad((n % $2)::text, 14, '0'), '370100'
FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, $1::bigint) AS given(n)) AS made
"""
_COUNTED = """
INSERT INTO counted (agreement, kind, county, subject, reference, day, employer_uscc, home)
SELECT $1::uuid, kind, county, same_as::text, reference, day, employer_uscc, '370100' FROM occurrences
"""
_TALLIES = """
INSERT INTO tallies (agreement, kind, employer_uscc, county, month, reached, home)
SELECT $1::uuid, 'posts', '', county, date_trunc('month', day)::date, count(*), '370100' FROM counted WHERE kind = 'posts' GROUP BY 4, 5
UNION ALL
SELECT $1::uuid, 'posts', employer_uscc, '', date_trunc('month', day)::date, count(*), '370100' FROM counted WHERE kind = 'posts' GROUP BY 3, 5
"""
_SOME = "SELECT same_as FROM occurrences ORDER BY same_as LIMIT 500"
_MINUTES = 600


@dataclass(frozen=True)
class Progress:
    """Milliseconds of a page of progress and of one more start, after many events and after few."""

    many: float
    few: float
    start_after_many: float
    start_after_few: float


def measure_progress(nodes: Nodes, events: int) -> Progress:
    """`events` beside a hundredth of them."""
    return asyncio.run(_measure(nodes, events))


async def _measure(nodes: Nodes, events: int) -> Progress:
    many, few = await nodes.open(SERVICE, CITY), await nodes.open(SERVICE, CITY)
    offices = [(many, await _fill(many, events)), (few, await _fill(few, max(events // 100, 1)))]
    pages: list[list[float]] = [[], []]
    starts: list[list[float]] = [[], []]
    for _ in range(ASKED):
        for at, (context, agreement) in enumerate(offices):
            pages[at].append(await _page(context, agreement))
            starts[at].append(await _start(context))
    for context, _ in offices:
        await context.close()
    return Progress(*(round(median(each[1:]) * 1000, 2) for each in (*pages, *starts)))


async def _fill(context: ServiceContext, events: int) -> UUID:
    async with client_of(context) as officer:
        made = (await officer.post("/jobs/v1/agreements", json=_TERMS)).raise_for_status().json()
    agreement = UUID(made["id"])
    connection = await connect_superuser(context.settings.database_url, "jobs")
    try:
        await connection.execute(_HAPPENED, events, FIRMS, timeout=_MINUTES)
        await connection.execute(_COUNTED, agreement, timeout=_MINUTES)
        await connection.execute(_TALLIES, agreement, timeout=_MINUTES)
        await connection.execute("VACUUM (ANALYZE) occurrences, counted, tallies", timeout=_MINUTES)
    finally:
        await connection.close()
    await _check(context, agreement)
    return agreement


async def _check(context: ServiceContext, agreement: UUID) -> None:
    """What was written by hand is what the service counts: of some subjects, counted anew, nothing moves but their firms."""
    async with context.database.transaction() as tx:
        some = list((await tx.execute(text(_SOME))).scalars())
        moved = await update_counted(tx, await lock_agreement(tx, agreement), some)
    assert moved == [], moved[:3]


async def _page(context: ServiceContext, agreement: UUID) -> float:
    async with client_of(context) as officer:
        begun = time.perf_counter()
        answer = await _ask(officer, agreement)
        took = time.perf_counter() - begun
    assert answer["items"][0]["reached"] > 0
    return took


async def _ask(officer: httpx.AsyncClient, agreement: UUID) -> dict[str, Any]:
    path = f"/jobs/v1/agreements/{agreement}/progress"
    return dict((await officer.get(path, params={"kind": "posts"})).raise_for_status().json())


async def _start(context: ServiceContext) -> float:
    facts = {"spell": new_id(), "introduction": new_id(), "county": COUNTIES[0], "city": CITY[1:], "vacancy": new_id()}
    event = SpellStarted(**facts, employer_uscc="91370100MA3D00001X", start=date(2017, 5, 8), wage_fen=400_000)
    begun = time.perf_counter()
    await tell(context, event, service="retention")
    return time.perf_counter() - begun
