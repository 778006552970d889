"""Visits by hand: what was said is the wish from that day on, no change is one press, and nobody is visited who has left."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.events.registry import LabourerRecorded
from services.registry.app import SERVICE
from tests.integration.registry.files import listed, told_by
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_households import a_village
from tests.support.nodes import Nodes, client_of

WISH = {
    "willing": True,
    "destinations": ["440300", "43"],
    "occupation": "质检员",
    "wage_expected": 4500,
    "wage_minimum": 4000,
    "certificates": ["forklift"],
    "needs": ["board", "lodging"],
    "training": "焊工",
    "fellows": "打工队",
}


async def visit(client: httpx.AsyncClient, one: str, on: str, found: str = "changed", **said: Any) -> httpx.Response:
    return await client.post(f"{LABOURERS}/{one}/visits", json={"on": on, "found": found, **said})


async def test_what_was_said_is_the_wish_from_that_day_on_and_what_was_not_said_stays(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        first = await visit(client, one, "2017-02-20", wish=WISH, next_visit="2017-05-20")
        await visit(client, one, "2017-05-20", "no_change")
        told = (await told_by(context, LabourerRecorded))[-1].wish
        await visit(client, one, "2017-08-20", wish={"willing": False, "unwilling_reason": "care_elderly"})
        await visit(client, one, "2017-09-20", "not_home")
        days = {
            day: (await client.get(f"{LABOURERS}/{one}", params={"as_of": day})).json()
            for day in ("2017-02-19", "2017-06-01", "2017-09-30")
        }
        shown = (await client.get(first.headers["location"])).json()
        visits = (await client.get(f"{LABOURERS}/{one}/visits")).json()["items"]
        kept = await history(client, one)
    assert first.status_code == 201, first.text
    assert shown == first.json()
    assert (shown["visited_by"], shown["next_visit"], shown["wish"]["wage_minimum"]) == (
        "officer-1",
        "2017-05-20",
        4000,
    )
    assert (str(told.visited), told.occupation, told.destinations) == ("2017-05-20", "质检员", ("440300", "43"))
    assert told.fellows is not None
    assert {day: (row["willing"], row["visited"]) for day, row in days.items()} == {
        "2017-02-19": (None, None),
        "2017-06-01": (True, "2017-05-20"),
        "2017-09-30": (False, "2017-08-20"),
    }
    last = days["2017-09-30"]["wish"]
    assert (last["unwilling_reason"], last["occupation"], last["fellows"]) == ("care_elderly", "质检员", None)
    assert [each["found"] for each in visits] == ["not_home", "changed", "no_change", "changed"]
    assert [each["field"] for each in kept] == ["visit"] * 4 + ["entered"]
    assert kept[0]["who"] == "officer-1"
    assert "care_elderly" in kept[1]["after"]


async def test_the_same_visit_told_again_keeps_what_was_said_before(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        await visit(client, one, "2017-02-20", wish=WISH)
        await visit(client, one, "2017-02-20", wish={"willing": False})
        kept = next(each for each in await history(client, one) if each["field"] == "wish")
    assert ('"willing": true' in kept["before"], '"willing": false' in kept["after"]) == (True, True)


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        ({"on": "2999-01-01"}, {"/on"}),
        ({"on": "1970-01-01"}, {"/on"}),
        ({"next_visit": "2017-02-20"}, {"/next_visit"}),
        ({"found": "asleep"}, {"/found"}),
        (
            {"wish": {"willing": True, "occupation": "宇航员", "training": "飞行"}},
            {"/wish/occupation", "/wish/training"},
        ),
        ({"wish": {"willing": True, "wage_expected": 3000, "wage_minimum": 4000}}, {"/wish/wage_minimum"}),
        ({"wish": {"willing": True, "certificates": ["magic"]}}, {"/wish/certificates/0"}),
        ({"wish": {}}, {"/wish/willing"}),
    ],
)
async def test_what_cannot_stand_is_a_problem_at_its_field(
    nodes: Nodes, said: dict[str, Any], pointers: set[str]
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        one = (await a_village(client))["户主"]["id"]
        answer = await visit(client, one, **{"on": "2017-02-20", **said})
        assert (await client.get(f"{LABOURERS}/{one}/visits")).json()["items"] == []
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == pointers


async def test_a_cadre_visits_the_own_people_alone_and_sent_twice_it_counts_once(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_village(client)
        other = people["alone"]["id"]
        hidden = [await visit(cadre, other, "2017-02-20"), await cadre.get(f"{LABOURERS}/{other}/visits")]
        made = await visit(client, other, "2017-02-20", wish=WISH)
        hidden.append(await cadre.get(made.headers["location"]))
        body = {"json": {"on": "2017-02-20", "found": "changed", "wish": WISH}, "headers": {"Idempotency-Key": "a"}}
        own = [await cadre.post(f"{LABOURERS}/{people['户主']['id']}/visits", **body) for _ in range(2)]
        visits = (await cadre.get(f"{LABOURERS}/{people['户主']['id']}/visits")).json()["items"]
        assert len([row for row in await listed(cadre) if row["visited"]]) == 1
    assert [each.status_code for each in hidden] == [404, 404, 404]
    assert ([each.status_code for each in own], len(visits)) == ([201, 201], 1)
