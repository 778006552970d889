"""What a labourer says of herself: phone and wish hold at once, anything else waits with both values until the county decides."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from libs.common.events.registry import LabourerRecorded
from services.registry.app import SERVICE
from tests.integration.registry.files import told_by
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_households import a_village
from tests.support.nodes import Nodes, client_of

CONFLICTS = "/registry/v1/sync/conflicts"
WHY = {"purpose": "correction", "reference": "裁决"}


async def decide(client: httpx.AsyncClient, one: str, decision: str) -> httpx.Response:
    version = (await client.get(f"{CONFLICTS}/{one}")).headers["etag"]
    return await client.post(f"{CONFLICTS}/{one}/decision", json={"decision": decision}, headers={"If-Match": version})


async def test_phone_and_wish_hold_at_once_and_are_hers_in_the_history(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        village = await a_village(client)
        one, spouse = village["户主"]["id"], village["配偶"]["id"]
        async with client_of(context, "labourer", subject=one) as herself:
            phone = await herself.put(f"{LABOURERS}/{one}/phone", json={"phone": "15400000009"})
            wish = await herself.put(
                f"{LABOURERS}/{one}/wish", json={"wish": {"willing": True, "destinations": ["440300"]}}
            )
            again = await herself.put(
                f"{LABOURERS}/{one}/wish", json={"wish": {"willing": True, "wage_expected": 5000}}
            )
            bad = await herself.put(f"{LABOURERS}/{one}/phone", json={"phone": "12"})
            unknown = await herself.put(
                f"{LABOURERS}/{one}/wish", json={"wish": {"willing": True, "occupation": "宇航员"}}
            )
            beyond = [
                await herself.put(f"{LABOURERS}/{spouse}/phone", json={"phone": "15400000009"}),
                await herself.put(f"{LABOURERS}/{spouse}/wish", json={"wish": {"willing": True}}),
                await herself.post(f"{LABOURERS}/{spouse}/correction-requests", json={"education": "高中"}),
                await herself.get(f"{LABOURERS}/{spouse}/correction-requests"),
            ]
        officers = await client.put(f"{LABOURERS}/{one}/phone", json={"phone": "15400000009"})
        kept = await history(client, one)
        told = (await told_by(context, LabourerRecorded))[-1]
    assert (phone.status_code, wish.status_code, again.status_code) == (200, 200, 200)
    assert (again.json()["wish"]["wage_expected"], again.json()["wish"]["destinations"]) == (5000, ["440300"])
    assert [each.status_code for each in beyond] == [404] * 4
    assert (bad.status_code, unknown.status_code, officers.status_code) == (422, 422, 403)
    assert (bad.json()["errors"][0]["pointer"], unknown.json()["errors"][0]["pointer"]) == (
        "/phone",
        "/wish/occupation",
    )
    assert [(each["field"], each["source"], each["who"]) for each in kept[:3]] == [
        ("wish", "self", one),
        ("wish", "self", one),
        ("phone", "self", one),
    ]
    assert (str(told.person), told.wish and told.wish.wage_expected) == (one, 5000)


@pytest.mark.parametrize(("decision", "education"), [("mine", "高中"), ("theirs", "初中")])
async def test_what_she_asks_waits_with_both_values_and_is_decided_once(
    nodes: Nodes, decision: str, education: str
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context, "cadre", regions=["433124:花垣镇"]) as cadre, client_of(context) as officer:
        one = (await a_village(officer))["户主"]["id"]
        await officer.patch(f"{LABOURERS}/{one}", json={"education": "初中"}, headers={"If-Match": '"v1"'})
        requests = f"{LABOURERS}/{one}/correction-requests"
        async with client_of(context, "labourer", subject=one) as herself:
            body = {"education": "高中", "name": "龙老大儿", "reason": "毕业了"}
            asked = await herself.post(requests, json=body, headers={"Idempotency-Key": "a"})
            twice = await herself.post(requests, json=body, headers={"Idempotency-Key": "a"})
            [waiting] = (await cadre.get(CONFLICTS, params={"source": "self"})).json()["items"]
            phones = (await cadre.get(CONFLICTS, params={"source": "phone"})).json()["items"]
            before = (await herself.get(f"{LABOURERS}/{one}")).json()
            plain = await cadre.post(f"{CONFLICTS}/{waiting['id']}/reveal", json=WHY)
            done = await decide(cadre, waiting["id"], decision)
            mine = (await herself.get(asked.headers["location"])).json()
            after = (
                (await herself.post(f"{LABOURERS}/{one}/own")).json(),
                (await herself.get(f"{LABOURERS}/{one}")).json(),
            )
            seen = (await herself.get(f"{LABOURERS}/{one}/accesses")).json()["items"]
        kept = [each for each in await history(officer, one) if each["field"] == "education"]
    assert (asked.status_code, twice.json()["id"], waiting["id"], phones) == (
        201,
        waiting["id"],
        asked.json()["id"],
        [],
    )
    shown = {each["field"]: (each["mine"], each["theirs"]) for each in waiting["fields"]}
    assert shown == {"education": ("高中", "初中"), "name": ("龙**", "龙**")}
    assert {each["field"]: each["mine"] for each in plain.json()["fields"]}["name"] == "龙老大儿"
    assert before["education"] == "初中"
    assert (done.status_code, mine["state"]) == (200, decision)
    assert (after[1]["education"], after[0]["name"] == "龙老大儿") == (education, decision == "mine")
    assert kept[0]["reason"] == "毕业了"
    reveal = next(each for each in seen if each["action"] == "registry.reveal_conflict")
    assert (reveal["purpose"], set(reveal["fields"])) == ("correction", {"education", "name"})


@pytest.mark.parametrize(
    ("said", "status", "pointer"),
    [
        ({"education": "博士后"}, 422, "/education"),
        ({"number": "433124198001010013"}, 422, "/number"),
        ({"kinship": "户主"}, 422, None),
        ({"unknown": "x"}, 422, "/unknown"),
    ],
)
async def test_what_cannot_stand_is_refused_at_once(
    nodes: Nodes, said: dict[str, Any], status: int, pointer: str | None
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer:
        one = (await a_village(officer))["户主"]["id"]
    async with client_of(context, "labourer", subject=one) as herself:
        answer = await herself.post(f"{LABOURERS}/{one}/correction-requests", json=said)
    assert answer.status_code == status, answer.text
    assert pointer is None or pointer in {each["pointer"] for each in answer.json()["errors"]}


async def test_so_many_wait_at_once_and_no_more(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as officer:
        one = (await a_village(officer))["户主"]["id"]
    async with client_of(context, "labourer", subject=one) as herself:
        answers = [
            (
                await herself.post(f"{LABOURERS}/{one}/correction-requests", json={"work_employer": f"第{n}厂"})
            ).status_code
            for n in range(11)
        ]
    assert answers == [201] * 10 + [409]
