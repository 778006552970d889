"""Whoever is erased while a run is open is introduced to nobody, and the run settles for all others as if nothing had been."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import text

from libs.common.database import new_id
from libs.common.events.registry import LabourerErased
from libs.common.service import ServiceContext
from tests.integration.matching.scenes import COUNTIES, a_scene, announce_and_allot
from tests.integration.matching.two_offices import a_place, settle, two_offices
from tests.support.nodes import Nodes
from tests.support.telling import a_labourer, a_vacancy, tell

ON = date(2017, 5, 2)


async def introduced(context: ServiceContext) -> set[UUID]:
    async with context.database.reading() as tx:
        return set(
            (
                await tx.execute(
                    text("SELECT person FROM introductions WHERE person IS NOT NULL AND state <> 'declined'")
                )
            ).scalars()
        )


async def listed(context: ServiceContext) -> list[UUID]:
    async with context.database.reading() as tx:
        return list((await tx.execute(text("SELECT person FROM people ORDER BY person"))).scalars())


async def names_anybody(context: ServiceContext, person: UUID) -> list[str]:
    """Tables of matching whose rows still say this id, but for the mark and for introductions, which stay as counts."""
    async with context.database.reading() as tx:
        tables = (
            (await tx.execute(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'matching'")))
            .scalars()
            .all()
        )
        found = [
            table
            for table in tables
            if (
                await tx.execute(
                    text(f'SELECT EXISTS (SELECT FROM matching."{table}" AS it WHERE position(:id IN it::text) > 0)'),
                    {"id": str(person)},
                )
            ).scalar()
        ]
    return sorted(found)


@pytest.mark.parametrize("announced_before", [True, False])
async def test_a_run_that_was_open_when_people_were_erased_settles_without_them(
    nodes: Nodes, announced_before: bool
) -> None:
    scene = await a_scene(nodes, 1)
    county = scene.contexts[COUNTIES[0]]
    everybody = await listed(county)
    gone = everybody[::3]
    await announce_and_allot(scene)
    await scene.bus.run(40 if announced_before else 4)
    for person in gone:
        await tell(county, LabourerErased(person=person, on=ON))
    await scene.bus.run()
    assert (await scene.show())["state"] == "settled"
    assert await introduced(county) <= set(everybody) - set(gone)
    assert len(await introduced(county)) > 0
    for person in gone:
        assert set(await names_anybody(county, person)) <= {
            "erased_people",
            "introductions",
            "outbox",
            "journal",
            "audit",
        }, person


async def test_of_two_who_are_placed_the_erased_one_is_left_out_and_no_ghost_takes_the_place(nodes: Nodes) -> None:
    two = await two_offices(nodes)
    stays, goes, vacancy, run = a_labourer(), a_labourer(), a_vacancy(openings=2), new_id()
    await two.list_vacancies(vacancy)
    await tell(two.county, stays, goes)
    places = [await a_place(two, run, person, vacancy) for person in (stays, goes)]
    await tell(two.county, LabourerErased(person=goes.person, on=ON))
    assert set(await settle(two, run, 1, *places)) == {stays.person}
    assert set(await settle(two, run, 2, *places)) == {stays.person}
    async with two.city.database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM introductions"))).scalar_one() == 1
