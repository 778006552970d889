"""The clock of introductions under kills (逾期办结): workers side by side whose database connections are ended again and again; each
introduction ends once, and is said once."""

from __future__ import annotations

import asyncio
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.matching import IntroductionReleased
from libs.common.faults import SPOKEN, is_transient
from services.matching.operations.introductions import deadlines
from services.matching.rules.introductions.records import Introduction
from services.matching.store import introductions as store
from services.matching.workers import act_on_deadlines
from tests.integration.matching.two_offices import Two, two_offices
from tests.support import eventually
from tests.support.nodes import Nodes, announced
from tests.support.servers import connect_superuser
from tests.support.telling import a_vacancy

OVERDUE, WORKERS, KILLS = 60, 3, 12


@pytest.fixture
async def two(nodes: Nodes) -> Two:
    return await two_offices(nodes)


async def _hired_long_ago(two: Two) -> list[UUID]:
    """At the city, told of yesterday and due before."""
    vacancy = a_vacancy(openings=OVERDUE, openings_left=OVERDUE)
    await two.list_vacancies(vacancy)
    facts = {"county": "433124", "city": "440300", "vacancy": vacancy.vacancy, "state": "hired", "turn": 4}
    rows = [
        Introduction(introduction=new_id(), changed_on=date(2017, 5, 6), guest=new_id(), **facts)  # type: ignore[arg-type]
        for _ in range(OVERDUE)
    ]
    async with two.city.database.transaction() as tx:
        await store.insert_introductions_if_absent(tx, rows, "test")
        await tx.execute(text("UPDATE introductions SET lapses_on = '2017-06-05', warned_on = '2017-06-04'"))
    return [each.introduction for each in rows]


async def _kill_connections(two: Two, over: asyncio.Event) -> None:
    """Every connection of the office to its database is ended, as often as agreed or until there is nothing left to do."""
    superuser = await connect_superuser(two.city.settings.database_url, "matching")
    try:
        for _ in range(KILLS):
            if over.is_set():
                return
            await superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.03)
    finally:
        await superuser.close()


async def _work_through(two: Two) -> None:
    while await _work(two):
        pass


async def _work(two: Two) -> int:
    """What one look of the worker ended; nothing where its database was away, anything else that fails is a fault."""
    try:
        return await act_on_deadlines(two.city)
    except SPOKEN as error:
        if not is_transient(error):
            raise
        return 0


async def test_whoever_is_killed_amid_ending_ends_nothing_twice(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "PORTION", 4)
    overdue, over = await _hired_long_ago(two), asyncio.Event()
    killing = asyncio.create_task(_kill_connections(two, over))
    while not killing.done():
        await asyncio.gather(*(_work_through(two) for _ in range(WORKERS)))
    over.set()
    await killing

    async def none_left() -> bool:
        await _work(two)
        async with two.city.database.reading() as tx:
            return not (await tx.execute(text("SELECT 1 FROM introductions WHERE state = 'hired'"))).all()

    await eventually(none_left)
    async with two.city.database.reading() as tx:
        steps = await tx.execute(
            text("SELECT introduction, count(*) AS times FROM introduction_steps WHERE state = 'no_show' GROUP BY 1")
        )
        assert {row.introduction: row.times for row in steps} == dict.fromkeys(overdue, 1)
    said = [arrival for arrival, _ in await announced(two.city) if arrival.envelope.type == IntroductionReleased.TYPE]
    released = [IntroductionReleased.model_validate_json(each.data).introduction for each in said]
    assert sorted(released) == sorted(overdue)
