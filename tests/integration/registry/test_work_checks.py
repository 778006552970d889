"""A month's round asks after those at work: answers settle, as last month with one press, and what contradicts the register is told."""

from __future__ import annotations

from typing import Any

import httpx

from libs.common.events.registry import LabourerRecorded, WorkChecked
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, listed, send_bytes, told_by
from tests.integration.registry.rounds import ROUNDS, no_change, open_round, stands, total
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of

THERE = {"still_there": True, "paid": "full", "on_time": True}


async def answer(client: httpx.AsyncClient, one: dict[str, Any], person: str, on: str, **said: Any) -> httpx.Response:
    return await client.put(f"{ROUNDS}/{one['id']}/labourers/{person}/work", json={"on": on, **said})


async def two_at_work(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Two who work beyond the province, and one at home, in this order."""
    at_work = {"务工所在地": "省外", "务工时间（月）": "6"}
    rows = (
        a_row(a_number(), "龙老大", **at_work),
        a_row(a_number("19820615", "002"), "石秀英", 性别="女", 与户主关系="配偶", **at_work),
        a_row(a_number("19850615", "003"), "龙小二", 与户主关系="之子"),
    )
    (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    found = sorted(await listed(client), key=lambda each: str(each["kinship"]))
    return sorted(found, key=lambda each: not each["employed"])


async def test_those_at_work_are_asked_and_what_contradicts_is_told_and_never_overwritten_in_silence(
    nodes: Nodes,
) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client, client_of(context, "cadre", regions=["433124:边城镇"]) as elsewhere:
        first, second, idle = (each["id"] for each in await two_at_work(client))
        one = await open_round(client, context, kind="month", period="2017-04")
        assert await total(client, one) == (2, 0, 2, 0)
        no_last = await answer(client, one, first, "2017-04-25", as_last=True)
        said = await answer(client, one, first, "2017-04-25", **THERE)
        again = await answer(client, one, first, "2017-04-25", **THERE)
        contradicts = await answer(client, one, second, "2017-04-25", still_there=False)
        refused = {
            "nobody's list": await answer(client, one, idle, "2017-04-25", **THERE),
            "a visit": await no_change(client, one, second, "2017-04-25"),
            "no pay": await answer(client, one, second, "2017-04-25", still_there=True),
            "pay of nowhere": await answer(client, one, second, "2017-04-25", still_there=False, paid="full"),
            "another month": await answer(client, one, second, "2017-05-02", **THERE),
            "elsewhere": await answer(elsewhere, one, second, "2017-04-25", **THERE),
            "nothing": await answer(client, one, second, "2017-04-25"),
        }
        still = (await client.get(f"{LABOURERS}/{second}", params={"as_of": "2017-04-30"})).json()["employed"]
        confirmed = await answer(client, one, second, "2017-04-25", still_there=False, confirm=True)
        now = (await client.get(f"{LABOURERS}/{second}", params={"as_of": "2017-04-30"})).json()["employed"]
        kept = [(each["field"], each["who"]) for each in await history(client, second)]
        assert await total(client, one) == (2, 2, 0, 0)
        kept_round = await client.post(f"{ROUNDS}/{one['id']}/withdraw", json={"reason": "月份选错"})
        events = await told_by(context, WorkChecked)
        recorded = (await told_by(context, LabourerRecorded))[-1]
    assert (kept_round.status_code, kept_round.json()["type"]) == (409, "urn:xieli:problem:round-begun")
    assert (no_last.status_code, no_last.json()["type"]) == (409, "urn:xieli:problem:no-last-month")
    assert (said.status_code, said.json()["work_place"], said.json()["restated"]) == (200, "04", False)
    assert again.json() == said.json()
    assert (contradicts.status_code, contradicts.json()["known"]["work_place"]) == (409, "04")
    assert {why: found.status_code for why, found in refused.items()} == {
        "nobody's list": 409,
        "a visit": 409,
        "no pay": 422,
        "pay of nowhere": 422,
        "another month": 422,
        "elsewhere": 404,
        "nothing": 422,
    }
    assert (still, confirmed.json()["restated"], now) == (True, True, False)
    assert ("work_check", "officer-1") in kept
    assert ("work_place", "officer-1") in kept
    assert [(str(each.person), each.month, each.still_there, each.paid) for each in events] == [
        (first, "2017-04", True, "full"),
        (second, "2017-04", False, None),
    ]
    assert (str(recorded.person), recorded.employed) == (second, False)


async def test_as_last_month_is_one_press_and_who_begins_to_work_comes_onto_the_list(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as client:
        first, second, idle = (each["id"] for each in await two_at_work(client))
        april = await open_round(client, context, kind="month", period="2017-04")
        await answer(client, april, first, "2017-04-25", **{**THERE, "paid": "part", "on_time": False})
        await answer(client, april, second, "2017-04-25", still_there=False, confirm=True)
        may = await open_round(client, context, kind="month", period="2017-05")
        assert await total(client, may) == (1, 0, 1, 0)
        assert {each["as_last"] for each in (await stands(client, april)).values()} == {False}
        pressed = await answer(client, may, first, "2017-05-25", as_last=True)
        tag = (await client.get(f"{LABOURERS}/{idle}")).headers["etag"]
        begins = {"work_place": "02", "channel": "自主就业", "on": "2017-05-10"}
        began = await client.patch(f"{LABOURERS}/{idle}", json=begins, headers={"If-Match": tag})
        assert began.status_code == 200, began.text
        listed_now = await stands(client, may)
        shown = (await client.get(f"{ROUNDS}/{may['id']}/labourers/{first}/work")).json()
        unanswered = await client.get(f"{ROUNDS}/{may['id']}/labourers/{idle}/work")
    assert (pressed.json()["paid"], pressed.json()["on_time"], pressed.json()["as_last"]) == ("part", False, True)
    assert shown == pressed.json()
    assert {one: (each["state"], each["later"]) for one, each in listed_now.items()} == {
        first: ("settled", False),
        idle: ("open", True),
    }
    assert {one: each["as_last"] for one, each in listed_now.items()} == {first: True, idle: False}
    assert unanswered.status_code == 404
