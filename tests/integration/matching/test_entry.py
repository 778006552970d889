"""A county enters a run by its worker: drawn up while nothing is held, written down once, and nobody comes back who was erased."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from libs.common.database import new_id
from libs.common.events.matching import CommitmentMade, RunAnnounced
from libs.common.events.registry import LabourerErased
from libs.common.service import ServiceContext
from services.matching.app import SERVICE
from services.matching.operations.runs import entry
from services.matching.store import run_inputs
from services.matching.workers import move_runs
from tests.support.nodes import Nodes, announced
from tests.support.telling import a_labourer, tell

PROVINCE = "n430000"


@pytest.fixture
async def county(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n433124")


async def announce(county: ServiceContext) -> UUID:
    run = RunAnnounced(
        run=new_id(),
        convener=PROVINCE,
        counties=("n433124",),
        cities=("n440300",),
        as_of=date(2017, 4, 1),
        weights="2017.1",
        deadline=date(2017, 4, 30),
        weights_digest=None,
    )
    await tell(county, run, node=PROVINCE, service="matching")
    return run.run


async def draw_up(county: ServiceContext) -> entry.DrawnUp:
    async with county.database.reading() as tx:
        [waiting] = await entry.list_entries(tx)
    return entry.draw_up(waiting)


async def enter(county: ServiceContext, drawn: entry.DrawnUp) -> bool:
    async with county.database.transaction() as tx:
        return await entry.enter_run(tx, drawn)


async def entered(county: ServiceContext, run: UUID) -> set[UUID]:
    async with county.database.reading() as tx:
        return set((await run_inputs.list_person_ids(tx, run)).values())


async def commitments(county: ServiceContext) -> int:
    return sum(arrival.envelope.type == CommitmentMade.TYPE for arrival, _ in await announced(county))


async def test_what_an_announcement_brings_is_only_written_down_until_the_worker_takes_its_turn(
    county: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(county, a_labourer(), a_labourer())
    with monkeypatch.context() as without:
        without.setattr("services.matching.kernel.passes.prepare", None)
        without.setattr("services.matching.operations.runs.entry.enter", None)
        run = await announce(county)
    assert (await entered(county, run), await commitments(county)) == (set(), 0)
    assert await move_runs(county) == 1
    assert (len(await entered(county, run)), await commitments(county)) == (2, 1)
    assert await move_runs(county) == 0


async def test_whoever_is_erased_while_the_county_is_drawn_up_is_not_brought_back(county: ServiceContext) -> None:
    people = [a_labourer() for _ in range(3)]
    await tell(county, *people)
    run, gone = await announce(county), people[0].person
    drawn = await draw_up(county)
    await tell(county, LabourerErased(person=gone, on=date(2017, 4, 2)))
    assert not await enter(county, drawn)
    assert (await entered(county, run), await commitments(county)) == (set(), 0)
    assert await move_runs(county) == 1
    assert await entered(county, run) == {each.person for each in people} - {gone}


async def test_two_workers_draw_up_and_one_writes_down(county: ServiceContext) -> None:
    await tell(county, a_labourer(), a_labourer())
    run = await announce(county)
    first, second = await draw_up(county), await draw_up(county)
    assert [await enter(county, first), await enter(county, second)] == [True, False]
    async with county.database.reading() as tx:
        assert {name for name in await run_inputs.list_person_ids(tx, run)} == {
            each.person for each in first.people.values()
        }
    assert await commitments(county) == 1
