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


async def test_a_household_is_visited_in_one_go_or_not_at_all(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as elsewhere:
        people = await a_village(client)
        home, lives = people["户主"]["household"], {people[each]["id"] for each in ("户主", "配偶", "之子")}
        path, said = f"/registry/v1/households/{home}/visits", {"on": "2017-05-20", "found": "no_change"}
        once = {"Idempotency-Key": "one"}
        whole, again = [await client.post(path, json=said, headers=once) for _ in range(2)]
        some = await client.post(path, json=said | {"found": "not_home", "people": [people["之子"]["id"]]})
        wrong = await client.post(path, json=said | {"people": [people["之子"]["id"], people["alone"]["id"]]})
        early = await client.post(path, json=said | {"on": "1990-05-20"})
        other = await elsewhere.post(path, json=said)
        visits = {one: (await client.get(f"{LABOURERS}/{one}/visits")).json()["items"] for one in lives}
    assert whole.status_code == 201, whole.text
    assert again.json() == whole.json()
    assert {each["person"] for each in whole.json()["visits"]} == lives
    assert [each["person"] for each in some.json()["visits"]] == [people["之子"]["id"]]
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/people/1"]
    assert [each["pointer"] for each in early.json()["errors"]] == ["/on"]
    assert other.status_code == 404
    assert {one: len(each) for one, each in visits.items()} == dict.fromkeys(lives, 1) | {people["之子"]["id"]: 2}


async def test_whoever_was_met_was_visited_whether_or_not_a_wish_was_said(nodes: Nodes) -> None:
    """A child and whoever said nothing of work are not on the list of those whom this quarter has not seen."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        son, wife, alone = (people[each]["id"] for each in ("之子", "配偶", "alone"))
        await visit(client, wife, "2017-02-20", wish=WISH)
        for one, found in ((son, "no_change"), (wife, "changed"), (alone, "not_home")):
            await visit(client, one, "2017-04-20", found)
        unseen = {"visited_before": "2017-04-01", "as_of": "2017-05-01"}
        rows = await listed(client, **unseen)
        counted = (await client.get(f"{LABOURERS}/counts", params=unseen)).json()
        order = [row["visited"] for row in await listed(client, sort="visited", as_of="2017-05-01", limit="1")]
        shown = (await client.get(f"{LABOURERS}/{wife}")).json()
    assert {row["id"] for row in rows} == {people["户主"]["id"], alone}
    assert counted["people"] == 2
    assert order == [None, None, "2017-04-20", "2017-04-20"]
    assert (shown["visited"], shown["wish"]["visited"], shown["willing"]) == ("2017-04-20", "2017-02-20", True)
