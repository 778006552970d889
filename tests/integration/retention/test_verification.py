"""Each quarter everyone placed has one owner; the task moves with the person, and answers count at home."""

from __future__ import annotations

from typing import Any

import httpx

from services.retention.app import SERVICE
from tests.support.keeping import hire, start
from tests.support.nodes import Nodes, carry, client_of

COUNTY, CITY = "n433124", "n440300"


async def tasks(door: httpx.AsyncClient, quarter: str = "2017Q1") -> list[dict[str, Any]]:
    answer = await door.get("/retention/v1/verifications", params={"quarter": quarter})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_the_task_moves_to_the_city_and_back(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        assert [(task["owner"], task["person"]) for task in await tasks(home)] == [(COUNTY, str(hired.person))]
        spell = await start(door, hired)
        await carry(county, city)
        assert [task["owner"] for task in await tasks(home)] == [CITY] == [task["owner"] for task in await tasks(door)]
        end = {"end": "2017-03-15", "reason": "health", "returned_home": True}
        await door.post(f"/retention/v1/spells/{spell['id']}/end", json=end)
        await carry(county, city)
        assert (
            [task["owner"] for task in await tasks(home)] == [COUNTY] == [task["owner"] for task in await tasks(door)]
        )


async def test_only_the_owner_answers_and_the_county_hears_it(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    hired = await hire(county, city)
    answer = {"outcome": "in_work", "grade": "wage_line", "on": "2017-03-25"}
    async with client_of(county) as home, client_of(city) as door:
        await start(door, hired)
        await carry(county, city)
        [mine], [theirs] = await tasks(door), await tasks(home)
        refused = await home.post(f"/retention/v1/verifications/{theirs['id']}/answer", json=answer)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:not-owner")
        lacking = await door.post(
            f"/retention/v1/verifications/{mine['id']}/answer", json={"outcome": "in_work", "on": "2017-03-25"}
        )
        assert lacking.json()["errors"][0]["pointer"] == "/grade"
        assert (await door.post(f"/retention/v1/verifications/{mine['id']}/answer", json=answer)).status_code == 200
        await carry(county, city)
        [heard] = await tasks(home)
    assert (heard["outcome"], heard["grade"], heard["answered_on"]) == ("in_work", "wage_line", "2017-03-25")


async def test_a_new_quarter_gives_everyone_placed_one_owner(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    stays, returned = await hire(county, city), await hire(county, city)
    async with client_of(county) as home, client_of(city) as door:
        await start(door, stays)
        spell = await start(door, returned)
        end = {"end": "2017-03-15", "reason": "health", "returned_home": True}
        await door.post(f"/retention/v1/spells/{spell['id']}/end", json=end)
        await carry(county, city)
        opened = [
            (await side.post("/retention/v1/verifications", json={"quarter": "2017Q2"})).json()["added"]
            for side in (home, door)
        ]
        again = (await home.post("/retention/v1/verifications", json={"quarter": "2017Q2"})).json()["added"]
        owners = {task["introduction"]: task["owner"] for task in await tasks(home, "2017Q2")}
        in_city = [task["introduction"] for task in await tasks(door, "2017Q2")]
    assert (opened, again) == ([2, 1], 0)
    assert owners == {str(stays.introduction): CITY, str(returned.introduction): COUNTY}
    assert in_city == [str(stays.introduction)]


async def test_the_rate_is_the_same_seen_from_both_sides(nodes: Nodes) -> None:
    county, city = await nodes.open(SERVICE, COUNTY), await nodes.open(SERVICE, CITY)
    async with client_of(county) as home, client_of(city) as door:
        spells = [await start(door, await hire(county, city)) for _ in range(4)]
        end = {"end": "2017-03-10", "reason": "own_wish", "returned_home": True}
        await door.post(f"/retention/v1/spells/{spells[0]['id']}/end", json=end)
        [lost] = [task for task in await tasks(door) if task["introduction"] == spells[1]["introduction"]]
        answer = {"outcome": "unreachable", "on": "2017-03-28"}
        assert (await door.post(f"/retention/v1/verifications/{lost['id']}/answer", json=answer)).status_code == 200
        await carry(county, city)
        asked = {"month": 1, "as_of": "2017-04-30"}
        rates = [(await side.get("/retention/v1/retention-rate", params=asked)).json() for side in (home, door)]
        later = (await home.get("/retention/v1/retention-rate", params={"month": 3, "as_of": "2017-04-30"})).json()
        listed = (await home.get("/retention/v1/retention-rate/list", params=asked)).json()["items"]
    assert rates[0] == rates[1]
    assert sorted(one["standing"] for one in listed) == ["left", "same_employer", "same_employer", "unreachable"]
    assert {one["due_on"] for one in listed} == {"2017-03-20"}
    assert rates[0]["same_employer"] == {"numerator": 2, "denominator": 4, "rate": 0.5}
    assert (rates[0]["left"], rates[0]["unreachable"], rates[0]["rule"]) == (1, 1, "retention-rate 1")
    assert later["any_employer"] == {"numerator": 0, "denominator": 0, "rate": None}, "nobody's third month is due"
