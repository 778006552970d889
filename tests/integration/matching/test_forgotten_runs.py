"""What was said in a run is kept for a time: then its result still stands, and what rested on the messages says that they are gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from pyarrow import BufferReader
from sqlalchemy import text

from libs.common.housekeeping import forget
from libs.common.node import Clock
from libs.common.service import ServiceContext
from services.matching.operations.runs import pass_state_cache
from tests.integration.matching.scenes import CITIES, COUNTIES, Scene, a_scene, announce_and_allot
from tests.support.nodes import Nodes

KINDS = ("people", "vacancies", "places")


class Later(Clock):
    def __init__(self, days: int) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


async def forget_in(days: int, context: ServiceContext) -> None:
    """As housekeeping does after so many days."""
    before = context.node.clock
    context.node.__dict__["clock"] = Later(days)
    await forget(context)
    context.node.__dict__["clock"] = before


async def messages_of(context: ServiceContext, run: object) -> int:
    async with context.database.reading() as tx:
        return int(
            (await tx.execute(text("SELECT count(*) FROM run_messages WHERE run = :run"), {"run": run})).scalar_one()
        )


async def played(scene: Scene) -> object:
    await announce_and_allot(scene)
    await scene.bus.run()
    return scene.run


async def test_messages_go_in_time_and_a_countys_last_run_keeps_its_own(nodes: Nodes) -> None:
    scene = await a_scene(nodes, 34)
    first, second = await played(scene), await played(scene)
    county, city = scene.contexts[COUNTIES[0]], scene.contexts[CITIES[0]]
    await forget_in(80, county)
    assert await messages_of(county, first)

    for context in (county, city):
        await forget_in(100, context)
        assert not await messages_of(context, first)
    assert await messages_of(county, second)
    assert not await messages_of(city, second)

    person = (await scene.get(COUNTIES[0], "/demand", "officer")).json()["people"][0]["person"]
    job = (await scene.get(CITIES[0], f"/supply?city={CITIES[0][1:]}", "officer")).json()["items"][0]["vacancy"]
    why = f"/people/{person}/explanations/{job}"
    assert (await scene.get(COUNTIES[0], why, "officer")).status_code == 200
    old = await scene.door(COUNTIES[0], "officer").get(f"{why}?run={first}")
    assert (old.status_code, old.json()["type"]) == (410, "urn:xieli:problem:run-forgotten")
    cards = await scene.door(CITIES[0], "officer").get(f"/recommendations/vacancies/{job}/cards")
    assert cards.status_code == 410

    scene.run = first  # type: ignore[assignment]
    assert (await scene.show(COUNTIES[0]))["state"] == "settled"
    assert (await scene.get(COUNTIES[0], f"/runs/{first}/certificate")).json()["certificates"]
    assert await scene.rows(COUNTIES[0], "people")
    places = await scene.door(COUNTIES[0], "auditor").get(f"/runs/{first}/places.parquet")
    assert places.status_code == 410


@pytest.mark.parametrize("node", [COUNTIES[0], CITIES[0]])
async def test_who_looks_at_a_run_after_a_restart_is_answered_as_before(nodes: Nodes, node: str) -> None:
    """A pass stands in the process's memory; made anew from what is kept, it must not ask for more than who looks may see."""
    scene = await a_scene(nodes, 34)
    run = await played(scene)
    files = [f"/runs/{run}{rest}" for rest in ("", "/residue", "/certificate", *(f"/{kind}.parquet" for kind in KINDS))]
    asked = [(role, path) for role in ("officer", "auditor", "operator", "analyst", "province") for path in files]
    before = [await answered(scene, node, *one) for one in asked]
    after = []
    for one in asked:
        pass_state_cache._MEMORY.clear()
        after.append(await answered(scene, node, *one))
    assert after == before
    assert {status for status, _ in after} <= {200, 403}


async def answered(scene: Scene, node: str, role: str, path: str) -> tuple[int, object]:
    """Of a file its rows: each has a mark of its own."""
    answer = await scene.door(node, role).get(path)
    if answer.status_code == 200 and path.endswith(".parquet"):
        return 200, sorted(map(str, pq.read_table(BufferReader(answer.content)).to_pylist()))
    return answer.status_code, answer.json()
