"""Who has died or moved away leaves every list, count and the supply from that day on, and never the history; nothing is written of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.common.access.policy import POLICY
from libs.common.api.application import create_api
from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from libs.common.events.retention import SituationChanged
from libs.common.service import ServiceContext
from services.matching.app import SERVICE as MATCHING
from services.registry.app import SERVICE
from services.registry.rules.departures import WAYS
from tests.fuzz.test_cadres import body_of
from tests.integration.common.test_access_matrix import doors
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_households import HOUSEHOLDS, a_village, show
from tests.integration.registry.test_imports import a_number
from tests.support.doors import operations
from tests.support.nodes import Nodes, assert_nothing_parked, carry, client_of
from tests.support.telling import tell

# What may still be asked of whoever has left, since it writes nothing of them or brings them back.
_STILL = ("/returns", "/reveal", "/erase", "/erase/approve")


async def depart(
    client: httpx.AsyncClient, one: str, way: str = "dead", on: str = "2017-05-01", **more: Any
) -> httpx.Response:
    return await client.post(f"{LABOURERS}/{one}/departures", json={"way": way, "on": on, **more})


async def come_back(client: httpx.AsyncClient, one: str, kind: str = "came_back", **more: Any) -> httpx.Response:
    return await client.post(f"{LABOURERS}/{one}/returns", json={"kind": kind, **more})


def writes(context: ServiceContext) -> list[tuple[str, str, Any]]:
    """Every address at which an officer changes something of one person, with its example, as the document has them."""
    app = create_api(context)
    document, named = app.openapi(), {(door.method, door.path): door.action for door in doors(app)}
    return [
        (verb, path, body_of(document, operation))
        for verb, path, operation in operations(document)
        if verb != "GET"
        and path.startswith(f"{LABOURERS}/{{person}}")
        and not path.endswith(_STILL)
        and "officer" in POLICY[named[verb, path] or ""].cells
    ]


async def test_whoever_has_left_is_in_no_list_and_no_count_from_that_day_on(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one = people["户主"]["id"]
        left = await depart(client, one)
        days = {day: [row["id"] for row in await listed(client, as_of=day)] for day in ("2017-04-30", "2017-05-01")}
        gone = [row["id"] for row in await listed(client, departed=True)]
        counted = (await client.get(f"{LABOURERS}/counts")).json()["people"]
        judged = [
            (await client.get("/registry/v1/identification", params={"as_of": day})).json()["people"]
            for day in ("2017-03-31", "2017-06-30")
        ]
        home = await show(client, people["户主"]["household"])
        page = (await client.get(f"{LABOURERS}/{one}")).json()
        told = await history(client, one)
    assert left.status_code == 200, left.text
    assert one in days["2017-04-30"]
    assert one not in days["2017-05-01"]
    assert (gone, counted, judged) == ([one], 3, [4, 3])
    assert ([each["kinship"] for each in home["residents"]], home["head"]) == (["配偶", "之子"], None)
    assert [each["code"] for each in home["findings"]] == ["head_missing"]
    assert (page["left"], page["version"]) == ({"way": "dead", "on": "2017-05-01"}, 2)
    assert [(each["field"], each["before"], each["after"]) for each in told] == [
        ("departure", "", "死亡 2017-05-01"),
        ("entered", "", ""),
    ]


async def test_matching_is_told_and_figures_end(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        await told_by(context, RegistryIndicatorsStated)
        await depart(client, people["alone"]["id"], "moved_out")
        event = next(each for each in reversed(await told_by(context, LabourerRecorded)) if each.left)
        figures = {each.as_of: each.figures for each in await told_by(context, RegistryIndicatorsStated)}
        await come_back(client, people["alone"]["id"], on="2017-08-01")
        back = (await told_by(context, LabourerRecorded))[-1]
        later = {each.as_of: each.figures for each in await told_by(context, RegistryIndicatorsStated)}
    assert (str(event.person), event.labourer, event.left, event.left_on) == (
        people["alone"]["id"],
        False,
        "moved_out",
        date(2017, 5, 1),
    )
    assert "left" in event.reasons
    assert (back.labourer, back.left) == (True, None)
    assert [(figures[day]["people"], figures[day]["households"]) for day in sorted(figures)] == [(4, 2), (3, 1)]
    assert [(later[day]["people"], later[day]["households"]) for day in sorted(later)] == [(4, 2), (3, 1), (4, 2)]


async def test_every_write_of_somebody_who_has_left_is_refused(nodes: Nodes) -> None:
    """The list of writes is the document's own, so that one which is added is tried as well."""
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one, home = people["配偶"]["id"], people["alone"]["household"]
        await depart(client, one)
        before = (await client.get(f"{LABOURERS}/{one}")).json()
        answers = {}
        for verb, path, body in writes(context):
            body = body or {}
            said = body | ({"household": home} if "household" in body else {})
            said |= {"person": one} if "person" in body else {}
            asked = {"json": said, "headers": {"If-Match": "*"}}
            answers[f"{verb} {path}"] = await client.request(verb, path.replace("{person}", one), **asked)
        split = await client.post(
            f"{HOUSEHOLDS}/{people['配偶']['household']}/splits", json={"number": "9", "members": [{"person": one}]}
        )
        assert (await client.get(f"{LABOURERS}/{one}")).json() == before
    assert {"PATCH /registry/v1/labourers/{person}", "POST /registry/v1/labourers/{person}/moves"} <= answers.keys()
    for each in (*answers.values(), split):
        assert (each.status_code, each.json()["type"]) == (409, "urn:xieli:problem:person-left"), each.request.url
        assert each.json()["left"] == {"way": "dead", "on": "2017-05-01"}
        assert "returns" in each.json()["detail"]


async def test_a_file_that_names_them_brings_nobody_back(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        await send_bytes(client, a_file(a_row(a_number())), "a.csv")
        (row,) = await listed(client)
        await depart(client, row["id"])
        newer = a_file(a_row(a_number(), 年度="2017", 文化程度="高中"), a_row(a_number(order="003"), "吴老二"))
        told = (await send_bytes(client, newer, "b.csv")).json()
        refused = await client.get(told["refused_rows"])
        page = (await client.get(f"{LABOURERS}/{row['id']}")).json()
    assert (told["accepted"], told["refused"], told["added"]) == (1, 1, 1)
    assert told["findings"]["2"] == [{"code": "person_left", "column": "证件号码"}]
    assert refused.status_code == 200
    assert (page["education"], page["left"]["way"]) == ("初中", "dead")


async def test_an_event_about_later_days_changes_nothing_and_parks_nothing(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one = people["户主"]["id"]
        await depart(client, one)
        before = (await client.get(f"{LABOURERS}/{one}")).json()
        await tell(context, SituationChanged(person=one, work_place="04", since=date(2017, 6, 1)), service="retention")
        assert (await client.get(f"{LABOURERS}/{one}")).json() == before
    await assert_nothing_parked(context)


async def test_who_comes_back_was_away_in_between(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one, home = people["alone"]["id"], people["alone"]["household"]
        await depart(client, one, "moved_out")
        closed = (await show(client, home))["closed_on"]
        early = await come_back(client, one, on="2017-04-01")
        back = await come_back(client, one, on="2017-08-01")
        again = await come_back(client, one, on="2017-08-01")
        seen = {
            day: one in [row["id"] for row in await listed(client, as_of=day)]
            for day in ("2017-04-30", "2017-05-01", "2017-07-31", "2017-08-01")
        }
        open_again = (await show(client, home))["closed_on"]
        second = await depart(client, one, "other", "2017-09-01", reason="随女儿生活")
        between = one in [row["id"] for row in await listed(client, as_of="2017-08-15")]
    assert (early.status_code, back.status_code, again.status_code, second.status_code) == (422, 200, 409, 200)
    assert seen == {"2017-04-30": True, "2017-05-01": False, "2017-07-31": False, "2017-08-01": True}
    assert (closed, open_again, between) == ("2017-05-01", None, True)


async def test_nobody_comes_back_from_death_but_who_was_entered_by_mistake(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        one = people["户主"]["id"]
        await depart(client, one)
        refused = [await come_back(client, one), await come_back(client, one, "entered_by_mistake")]
        back = await come_back(client, one, "entered_by_mistake", reason="同名登记错误")
        days = [one in [row["id"] for row in await listed(client, as_of=day)] for day in ("2017-05-01", "2017-06-01")]
        told = await history(client, one)
    assert [each.json()["errors"][0]["pointer"] for each in refused] == ["/kind", "/reason"]
    assert (back.status_code, back.json()["left"], days) == (200, None, [True, True])
    assert [(each["before"], each["after"], each["reason"]) for each in told[:2]] == [
        ("死亡 2017-05-01", "", "同名登记错误"),
        ("", "死亡 2017-05-01", None),
    ]


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_of_leaving_has_a_day_that_can_be(nodes: Nodes, way: str) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_village(client)
        future = await depart(client, people["之子"]["id"], way, "2999-01-01")
        unborn = await depart(client, people["之子"]["id"], way, "1999-01-01", reason="x")
        hidden = await depart(cadre, people["alone"]["id"], way, reason="x")
        bare = await depart(cadre, people["之子"]["id"], way)
    assert (future.status_code, unborn.status_code, hidden.status_code) == (422, 422, 404)
    assert bare.status_code == (422 if way == "other" else 200)


async def test_matching_drops_whoever_has_left_from_its_list(nodes: Nodes) -> None:
    context, matching = await nodes.open(SERVICE), await nodes.open(MATCHING)
    async with client_of(context) as client:
        people = await a_village(client)
        await depart(client, people["户主"]["id"])
    await carry(context, matching)
    async with matching.database.reading() as tx:
        labourers = (await tx.execute(text("SELECT person FROM people WHERE labourer"))).scalars()
    assert str(people["户主"]["id"]) not in map(str, labourers)
    await assert_nothing_parked(matching)
