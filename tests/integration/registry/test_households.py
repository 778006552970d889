"""Households by hand: entered, corrected with their members, split, joined, moved between; one that is left is closed and stays."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.events.registry import LabourerRecorded, RegistryIndicatorsStated
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

HOUSEHOLDS = "/registry/v1/households"
ON = {"on": "2017-03-20"}


async def a_village(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """龙 with wife and son in one household, 吴 alone in one of another township; people by kinship, the other's as `alone`."""
    rows = (
        a_row(a_number()),
        a_row(a_number("19820615", "002"), "石秀英", 性别="女", 与户主关系="配偶"),
        a_row(a_number("19990615", "001"), "龙小二", 与户主关系="之子"),
        a_row(a_number(order="003"), "吴老二", 乡="边城镇", 村="茶洞村", 户编号="430002"),
    )
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    return {"alone" if row["township"] == "边城镇" else row["kinship"]: row for row in await listed(client)}


async def show(client: httpx.AsyncClient, one: str) -> dict[str, Any]:
    return dict((await client.get(f"{HOUSEHOLDS}/{one}")).json())


async def test_households_are_listed_by_village_with_head_and_members(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        people = await a_village(client)
        everything = (await client.get(HOUSEHOLDS)).json()["items"]
        village = (await client.get(HOUSEHOLDS, params={"township": "花垣镇", "village": "老寨村"})).json()["items"]
        own = (await cadre.get(HOUSEHOLDS)).json()["items"]
        hidden = await cadre.get(f"{HOUSEHOLDS}/{people['户主']['household']}")
        home = await show(client, people["户主"]["household"])
    assert len(everything) == 2
    assert [(each["head"], each["members"], each["closed_on"]) for each in village] == [("龙**", 3, None)]
    assert [each["township"] for each in own] == ["边城镇"]
    assert hidden.status_code == 404
    assert [each["kinship"] for each in home["residents"]] == ["户主", "配偶", "之子"]
    assert home["findings"] == []


async def test_a_household_is_entered_once_in_a_village_that_there_is(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    body = {"number": "430777", "township": "花垣镇", "village": "老寨村", **ON}
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as cadre:
        await a_village(client)
        made = await client.post(HOUSEHOLDS, json=body)
        again, hidden = (
            await client.post(HOUSEHOLDS, json=body),
            await cadre.post(HOUSEHOLDS, json={**body, "township": "边城镇", "village": "茶洞村"}),
        )
        unknown = await client.post(HOUSEHOLDS, json={**body, "number": "1", "village": "新寨村"})
        first = await client.post(HOUSEHOLDS, json={**body, "number": "1", "village": "新寨村", "new_village": True})
        beyond = await cadre.post(HOUSEHOLDS, json={**body, "number": "2", "village": "新村", "new_village": True})
        assert (await client.get(made.headers["location"])).headers["etag"] == made.headers["etag"]
    assert (made.status_code, made.json()["members"]) == (201, 0)
    assert (again.status_code, again.json()["known_as"]) == (409, f"{HOUSEHOLDS}/{made.json()['id']}")
    assert (hidden.status_code, hidden.json()["known_as"]) == (409, None)
    assert (unknown.status_code, first.status_code, beyond.status_code) == (422, 201, 422)


async def test_a_household_that_lies_elsewhere_takes_its_members_along(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        path = f"{HOUSEHOLDS}/{people['户主']['household']}"
        body = {"township": "边城镇", "village": "茶洞村", "number": "430999", "reason": "易地搬迁", **ON}
        nothing = await client.patch(path, json=body)
        stale = await client.patch(path, json=body, headers={"If-Match": '"v7"'})
        moved = await client.patch(path, json=body, headers={"If-Match": '"v1"'})
        told = await history(client, people["配偶"]["id"])
        rows = await listed(client)
    assert (nothing.status_code, stale.status_code, moved.status_code) == (428, 412, 200), moved.text
    assert stale.json()["current"] == {"township": "花垣镇", "village": "老寨村", "number": "***"}
    assert {row["village"] for row in rows} == {"茶洞村"}
    assert {(each["field"], each["before"], each["after"], each["reason"]) for each in told[:-1]} == {
        ("household_no", "***", "***", "易地搬迁"),
        ("township", "花垣镇", "边城镇", "易地搬迁"),
        ("village", "老寨村", "茶洞村", "易地搬迁"),
    }
    assert {event.township for event in (await told_by(context, LabourerRecorded))[-3:]} == {"边城镇"}


async def test_members_form_a_household_of_their_own(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        path = f"{HOUSEHOLDS}/{people['户主']['household']}/splits"
        son = {"person": people["之子"]["id"]}
        wrong = await client.post(path, json={"number": "9", "members": [{"person": people["alone"]["id"]}], **ON})
        headless = await client.post(path, json={"number": "430777", "members": [son], **ON})
        two = [{"person": people[each]["id"], "kinship": "户主"} for each in ("户主", "配偶")]
        heads = await client.post(path, json={"number": "430778", "members": two, **ON})
        left = await client.post(
            path, json={"number": "430778", "members": [two[0], {"person": people["配偶"]["id"]}], **ON}
        )
        old = await show(client, people["户主"]["household"])
        closed = (await client.get(HOUSEHOLDS, params={"closed": True})).json()["items"]
        told = await history(client, people["之子"]["id"])
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/members/0/person")
    assert (headless.status_code, [each["code"] for each in headless.json()["findings"]]) == (201, ["head_missing"])
    assert (heads.status_code, heads.json()["errors"][0]["code"]) == (422, "head_multiple")
    assert (left.status_code, left.json()["head"], left.json()["findings"]) == (201, "龙**", [])
    assert (old["members"], old["closed_on"]) == (0, "2017-03-20")
    assert [each["id"] for each in closed] == [old["id"]]
    assert [(each["field"], each["before"], each["after"]) for each in told[:-1]] == [
        ("household", people["之子"]["household"], headless.json()["id"])
    ]
    figures = [each.figures for each in await told_by(context, RegistryIndicatorsStated)][-1]
    assert (figures["people"], figures["households"]) == (4, 3)


async def test_everybody_of_another_household_comes_in_and_that_one_is_closed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        people = await a_village(client)
        home, other = people["户主"]["household"], people["alone"]["household"]
        path = f"{HOUSEHOLDS}/{home}/joins"
        heads = await client.post(path, json={"household": other, **ON})
        itself = await client.post(path, json={"household": home, **ON})
        father = [{"person": people["alone"]["id"], "kinship": "之父"}]
        joined = await client.post(path, json={"household": other, "kinships": father, **ON})
        again = await client.post(path, json={"household": other, **ON})
        old, rows = await show(client, other), await listed(client)
        into = await client.post(f"{LABOURERS}/{people['之子']['id']}/moves", json={"household": other, **ON})
    assert (heads.status_code, itself.status_code, again.status_code, into.status_code) == (422, 422, 409, 409)
    assert (joined.status_code, joined.json()["members"]) == (200, 4)
    assert (old["members"], old["closed_on"]) == (0, "2017-03-20")
    assert {row["township"] for row in rows} == {"花垣镇"}


async def test_a_person_moves_to_another_household_and_its_place(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_village(client)
        one, home = people["配偶"]["id"], people["alone"]["household"]
        hidden = await cadre.post(f"{LABOURERS}/{one}/moves", json={"household": home, **ON})
        moved = await client.post(f"{LABOURERS}/{one}/moves", json={"household": home, "reason": "再婚", **ON})
        same = await client.post(f"{LABOURERS}/{one}/moves", json={"household": home, **ON})
        gone = await cadre.get(f"{LABOURERS}/{one}")
        told = await history(client, one)
    assert (hidden.status_code, hidden.json()["errors"][0]["pointer"]) == (422, "/household")
    assert (moved.status_code, moved.json()["township"], moved.json()["household"]) == (200, "边城镇", home)
    assert (same.status_code, gone.status_code) == (422, 404)
    assert {each["field"] for each in told[:-1]} == {"household", "township", "village"}
    assert {each["reason"] for each in told[:-1]} == {"再婚"}


@pytest.mark.parametrize("verb", ["split", "join"])
async def test_a_cadre_takes_nobody_of_elsewhere(nodes: Nodes, verb: str) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre:
        people = await a_village(client)
        own = f"{HOUSEHOLDS}/{people['户主']['household']}"
        body: dict[str, Any] = {"household": people["alone"]["household"]}
        if verb == "split":
            body = {"number": "9", "members": [{"person": people["alone"]["id"]}]}
        answer = await cadre.post(f"{own}/{verb}s", json={**body, **ON})
        assert (await client.get(f"{LABOURERS}/{people['alone']['id']}")).json() | {"as_of": "", "identification": []}
        assert (await show(client, people["alone"]["household"]))["members"] == 1
    assert answer.status_code == 422
