"""School leavers on real PostgreSQL: who is one, what each is going to do, whom nobody has asked, and who may see it."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from libs.common.events.retention import SituationChanged
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, a_row, listed, send, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import Nodes, client_of
from tests.support.telling import tell

LEAVERS = "/registry/v1/leavers"
DAY = "2017-05-20"


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE)


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    """Six people: three leavers in two townships, one at school, one who went on, one who is older."""
    young = {"劳动技能": "普通劳动力", "与户主关系": "之子"}
    rows = [
        a_row(a_number("20000301", "001"), "甲大", **young),
        a_row(a_number("19990301", "002"), "乙大", **young | {"文化程度": "高中", "户编号": "430002"}),
        a_row(a_number("19960301", "003"), "丙大", **young | {"乡": "麻栗场镇", "村": "老寨村", "户编号": "430003"}),
        a_row(a_number("20010301", "004"), "丁大", **young | {"文化程度": "", "在校生状况": "九年级"}),
        a_row(a_number("19980301", "005"), "戊大", **young | {"文化程度": "大专"}),
        a_row(a_number("19800301", "006"), "己大"),
    ]
    async with client_of(context) as opened:
        (await send_bytes(opened, a_file(*rows), "people.csv", as_of="2016-12-31")).raise_for_status()
        yield opened


async def leavers(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(LEAVERS, params={"as_of": DAY, **params})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def say(client: httpx.AsyncClient, one: str, plan: str = "training", **more: Any) -> httpx.Response:
    return await client.put(f"{LEAVERS}/{one}/plan", json={"plan": plan, "on": "2017-05-10", **more})


async def test_who_is_one_is_told_by_the_list_its_counts_and_the_filter_of_the_register(
    client: httpx.AsyncClient,
) -> None:
    found = await leavers(client)
    assert Counter(one["education"] for one in found) == {"初中": 2, "高中": 1}
    assert {one["judged_on"] for one in found} == {"2017-03-31"}
    assert {one["name"][1:] for one in found} == {"**"}
    counted = (await client.get(f"{LEAVERS}/counts", params={"as_of": DAY})).json()
    assert (counted["people"], counted["unplanned"], counted["rule"]) == (3, 3, "leavers-1")
    assert {each["township"]: each["people"] for each in counted["townships"]} == {"花垣镇": 2, "麻栗场镇": 1}
    ids = {one["id"] for one in found}
    assert {one["id"] for one in await listed(client, leaver=True, as_of=DAY)} == ids
    assert len(await listed(client, leaver=False, as_of=DAY)) == 3
    assert (await client.get("/registry/v1/labourers/counts", params={"leaver": True, "as_of": DAY})).json()[
        "people"
    ] == 3
    searched = await client.post("/registry/v1/labourers/searches", json={"q": "大", "leaver": True, "as_of": DAY})
    assert {one["id"] for one in searched.json()["items"]} == ids
    assert [one["id"] for one in await leavers(client, as_of="2015-02-01")] == [
        one["id"]
        for one in found
        if (one["education"] == "初中" and one["township"] == "麻栗场镇") or one["education"] == "高中"
    ]


async def test_the_newest_word_holds_and_the_same_word_is_one(client: httpx.AsyncClient) -> None:
    first, second, third = [one["id"] for one in await leavers(client)]
    answers = await asyncio.gather(*(say(client, first, note="想学电工") for _ in range(3)))
    assert {(each.status_code, len(each.json()["said"])) for each in answers} == {(200, 1)}
    await say(client, first, "not_now", on="2017-05-12")
    late = (await say(client, first, "work", on="2017-05-01")).json()
    assert [each["plan"] for each in late["said"]] == ["not_now", "training", "work"]
    assert [one["plan"] for one in await leavers(client)] == ["not_now", None, None]
    assert [one["plan"] for one in await leavers(client, as_of="2017-05-11")] == ["training", None, None]
    assert [one["id"] for one in await leavers(client, planned=False)] == [second, third]
    assert [one["id"] for one in await leavers(client, plan="not_now")] == [first]
    shown = (await client.get(f"{LEAVERS}/{first}", params={"as_of": DAY})).json()
    assert (shown["leaver"], shown["reasons"], shown["noted_by"]) == (True, [], "officer-1")


async def test_work_that_the_register_knows_of_is_a_plan_without_asking(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    first = (await leavers(client))[0]["id"]
    await say(client, first, "not_now")
    await tell(
        context,
        SituationChanged(person=first, work_place="04", channel="帮扶就业", since=date(2017, 5, 15)),
        service="retention",
    )
    assert [one["plan"] for one in await leavers(client)] == ["at_work", None, None]
    counted = (await client.get(f"{LEAVERS}/counts", params={"as_of": DAY, "planned": False})).json()
    assert (counted["people"], counted["unplanned"]) == (2, 2)


async def test_whoever_is_no_leaver_or_has_left_has_no_plan(client: httpx.AsyncClient) -> None:
    ids = {one["id"] for one in await leavers(client)}
    others = [one for one in await listed(client, as_of=DAY) if one["id"] not in ids]
    refused = await say(client, others[-1]["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:xieli:problem:not-leaver")
    assert "年龄不在范围内" in refused.json()["detail"]
    shown = (await client.get(f"{LEAVERS}/{others[0]['id']}", params={"as_of": DAY})).json()
    assert (shown["leaver"], shown["reasons"], shown["said"]) == (False, ["in_school", "education"], [])
    gone = next(iter(ids))
    await client.post(f"/registry/v1/labourers/{gone}/departures", json={"way": "moved_out", "on": "2017-05-11"})
    assert (await say(client, gone)).json()["type"] == "urn:xieli:problem:person-left"
    assert gone not in {one["id"] for one in await leavers(client)}
    assert (await say(client, next(iter(ids - {gone})), "asleep")).status_code == 422


async def test_a_cadre_sees_and_asks_her_own_township_alone(context: ServiceContext, client: httpx.AsyncClient) -> None:
    by_place = {one["township"]: one["id"] for one in await leavers(client)}
    async with client_of(context, "cadre", regions=["433124:麻栗场镇"]) as cadre:
        assert [one["township"] for one in await leavers(cadre)] == ["麻栗场镇"]
        assert (await say(cadre, by_place["麻栗场镇"])).status_code == 200
        assert (await say(cadre, by_place["花垣镇"])).status_code == 404
        assert (await cadre.get(f"{LEAVERS}/{by_place['花垣镇']}")).status_code == 404
    async with client_of(context, "auditor") as auditor:
        assert len(await leavers(auditor)) == 3
        assert (await say(auditor, by_place["花垣镇"])).status_code == 403


async def test_the_list_leaves_as_a_workbook_with_its_words(client: httpx.AsyncClient) -> None:
    first = (await leavers(client))[0]["id"]
    await say(client, first, note="想学电工")
    answer = await client.get(f"{LEAVERS}.xlsx", params={"as_of": DAY, "planned": True})
    assert answer.status_code == 200, answer.text
    told, head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
    assert "leavers-1" in str(told[0])
    assert [row[head.index("打算")] for row in rows] == ["想参训"]


async def test_the_sample_county_has_just_those_whom_the_rule_names(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with client_of(context) as county:
        (await send(county, "people")).raise_for_status()
        found = {one["id"] for one in await listed(county, leaver=True, as_of=DAY)}
        assert found == {one["id"] for one in await leavers(county, limit=200)}
    async with context.database.transaction() as tx:
        meant = await tx.execute(text(_BY_AGE))
    assert found == {str(one) for one in meant.scalars()} != set()


_BY_AGE = """
SELECT id FROM person WHERE pupil = '' AND education IN ('初中', '高中')
AND extract(year FROM age(date '2017-03-31', birth_date)) BETWEEN 15 AND 22
"""
