"""What a run came to, as officers read it: everybody of the county, placed or with the sentence why not; every vacancy of the city."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from services.matching.rules.introductions.steps import OPEN, STATES
from tests.integration.matching.scenes import CITIES, COUNTIES, PROVINCE, Scene, a_scene, allot, announce_and_allot
from tests.support.nodes import Nodes


async def _settled(nodes: Nodes, seed: int, people: int = 20) -> Scene:
    scene = await a_scene(nodes, seed, people=people)
    await announce_and_allot(scene, openings=1)
    await scene.bus.run()
    assert (await scene.show())["state"] == "settled"
    return scene


async def _items(scene: Scene, node: str, path: str) -> list[dict[str, Any]]:
    return list((await scene.get(node, f"/runs/{scene.run}/{path}", "officer")).json()["items"])


async def test_everybody_of_the_county_is_told_of_and_who_has_no_place_is_told_why(nodes: Nodes) -> None:
    scene = await _settled(nodes, 3)
    for county in COUNTIES:
        everybody = await _items(scene, county, "people?limit=200")
        placed = {row["person"]: row for row in everybody if row["placed"]}
        held = (await scene.get(county, f"/introductions?run={scene.run}&limit=200", "officer")).json()["items"]
        assert {row["person"]: row["vacancy"] for row in placed.values()} == {
            each["person"]: each["vacancy"] for each in held
        }
        without = [row for row in everybody if not row["placed"]]
        assert without
        assert all(row["zh"] and row["en"] and row["introduction"] is None for row in without)
        for row in without:
            await _check_why(scene, county, row)
        assert [row["person"] for row in await _items(scene, county, "people?placed=false&limit=200")] == [
            row["person"] for row in without
        ]


async def _check_why(scene: Scene, county: str, row: dict[str, Any]) -> None:
    """The sentence about the vacancy wished for most is the one that "why not that job?" answers with."""
    if row["vacancy"] is None:
        assert row["suitable"] == 0
        return
    path = f"/people/{row['person']}/explanations/{row['vacancy']}?run={scene.run}"
    told = (await scene.get(county, path, "officer")).json()
    assert told["zh"] in row["zh"]
    assert told["kind"] in ("cutoff", "lottery")


async def test_why_is_answered_after_every_end(nodes: Nodes) -> None:
    """Of a place of the run, whatever became of its introduction; and of the place that was wished for more."""
    scene = await _settled(nodes, 3)
    county = COUNTIES[0]
    placed = await _items(scene, county, "people?placed=true&limit=200")
    ends = [state for state in STATES if state not in OPEN]
    assert placed
    for state in ends:
        async with scene.contexts[county].database.transaction() as tx:
            await tx.execute(text("UPDATE introductions SET state = :state"), {"state": state})
        for row in placed[:3]:
            path = f"/people/{row['person']}/explanations/{row['vacancy']}?run={scene.run}"
            assert (await scene.get(county, path, "officer")).json()["kind"] == "held", state
        told = await _items(scene, county, "people?placed=true&limit=200")
        assert [(row["person"], row["state"]) for row in told] == [(row["person"], state) for row in placed]


async def test_a_page_goes_on_where_the_last_one_ended(nodes: Nodes) -> None:
    scene = await _settled(nodes, 4, people=7)
    whole = await _items(scene, COUNTIES[0], "people?limit=200")
    first = (await scene.get(COUNTIES[0], f"/runs/{scene.run}/people?limit=3", "officer")).json()
    rest = await _items(scene, COUNTIES[0], f"people?limit=200&after={first['next']}")
    assert first["items"] + rest == whole


async def test_a_city_reads_how_each_vacancy_was_filled(nodes: Nodes) -> None:
    scene = await _settled(nodes, 3)
    for city in CITIES:
        rows = await _items(scene, city, "vacancies?limit=200")
        held = (await scene.get(city, f"/introductions?run={scene.run}&limit=200", "officer")).json()["items"]
        assert sum(row["placed"] for row in rows) == len(held)
        assert all(0 <= row["placed"] <= row["openings"] and row["left"] >= 0 for row in rows)
        assert all(row["placed_reserved"] <= row["reserved"] for row in rows)
        assert all(row["left"] == 0 for row in rows if row["cutoff"])


async def test_what_may_be_allotted_is_listed_until_it_is_allotted(nodes: Nodes) -> None:
    scene, city = await a_scene(nodes, 5), CITIES[0]
    wanted = {
        "counties": COUNTIES,
        "cities": CITIES,
        "as_of": "2017-03-31",
        "weights": "2017.1",
        "deadline": "2017-04-30",
    }
    made = await scene.post(PROVINCE, "/runs", wanted)
    scene.run = made.json()["run"]
    assert sorted(made.json()["waiting"]) == sorted([*COUNTIES, *CITIES])
    await scene.bus.run()
    assert sorted((await scene.show())["waiting"]) == sorted(CITIES)
    assert (await scene.show(city))["waiting"] == [city]
    rows = await _items(scene, city, "allotments?limit=200")
    assert rows
    assert all(0 < row["openings_left"] <= row["openings"] for row in rows)
    too_many = [{"vacancy": rows[0]["vacancy"], "openings": rows[0]["openings_left"] + 1}]
    refused = await scene.post(city, f"/runs/{scene.run}/allotments", {"allotted": too_many})
    assert [error["code"] for error in refused.json()["errors"]] == ["too_many"]
    await allot(scene, city, 2)
    assert (await scene.show(city))["waiting"] == []
    over = await scene.door(city, "officer").get(f"/runs/{scene.run}/allotments")
    assert (over.status_code, over.json()["title"]) == (409, "这一轮现在不能这样做 Not at this step of the run")


@pytest.mark.parametrize(
    ("node", "path"), [(CITIES[0], "people"), (COUNTIES[0], "vacancies"), (PROVINCE, "allotments")]
)
async def test_who_takes_no_such_part_is_told(nodes: Nodes, node: str, path: str) -> None:
    scene = await a_scene(nodes, 6, people=2, jobs=1)
    await announce_and_allot(scene)
    answer = await scene.door(node, "officer").get(f"/runs/{scene.run}/{path}")
    assert answer.status_code == 409
