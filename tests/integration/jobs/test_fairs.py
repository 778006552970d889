"""A job fair over HTTP: entered, its firms, opened, corrected on the version that was read, cancelled, held by itself once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.events.jobs import FairAnnounced
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.operations.fairs import NEVER_OPENED, settle_fairs
from tests.integration.jobs.test_employers import FIRM, FIRMS, OTHER, act, enter, offer
from tests.integration.jobs.test_employers import change as change_firm
from tests.integration.jobs.test_vacancies import told
from tests.support.nodes import Nodes, client_of

FAIRS = "/jobs/v1/fairs"
GUEST = {"employer_uscc": FIRM, "city": "430100", "employer_name": "长沙井宿机械有限公司"}


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def plan(context: ServiceContext, client: httpx.AsyncClient, *, days: int = 1, **more: Any) -> str:
    day = str(add_days(context.node.today(), days))
    answer = await client.post(FAIRS, json={"title": "湘粤专场招聘会", "venue": "宝安体育馆", "day": day, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{FAIRS}/{answer.json()['id']}"
    return str(answer.json()["id"])


async def put(client: httpx.AsyncClient, fair: str, uscc: str = FIRM, **more: Any) -> httpx.Response:
    return await client.post(f"{FAIRS}/{fair}/booths", json={"employer_uscc": uscc, **more})


async def change(client: httpx.AsyncClient, fair: str, **said: Any) -> httpx.Response:
    etag = (await client.get(f"{FAIRS}/{fair}")).headers["ETag"]
    return await client.patch(f"{FAIRS}/{fair}", json=said, headers={"If-Match": etag})


async def test_a_fair_is_told_to_everybody_as_it_stands_after_each_change(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    firm = await enter(client)
    vacancy = await offer(client)
    fair = await plan(context, client, place="440306")
    assert (await client.post(f"{FAIRS}/{fair}/open")).json()["type"] == "urn:xieli:problem:fair-empty"
    shown = (await put(client, fair)).json()
    assert [(each["employer"], each["vacancies"], each["posts"]) for each in shown["firms"]] == [
        (firm["id"], [], ["叉车司机"])
    ]
    assert len((await put(client, fair, vacancies=[vacancy])).json()["firms"]) == 1
    assert (await client.post(f"{FAIRS}/{fair}/open")).json()["state"] == "open"
    assert (await client.post(f"{FAIRS}/{fair}/open")).status_code == 409
    assert (await change(client, fair, venue="宝安体育馆二楼")).json()["venue"] == "宝安体育馆二楼"
    cancelled = await client.post(f"{FAIRS}/{fair}/cancel", json={"reason": "台风"})
    assert (cancelled.json()["state"], cancelled.json()["closed_because"]) == ("cancelled", "台风")
    assert (await put(client, fair)).status_code == (await change(client, fair, venue="别处")).status_code == 409
    events = await told(context, FairAnnounced)
    assert [each.state for each in events] == ["planned", "planned", "planned", "open", "open", "cancelled"]
    assert [len(each.booths) for each in events] == [0, 1, 1, 1, 1, 1]
    assert (events[-1].reason, events[-1].place, str(events[-1].booths[0].vacancies[0])) == ("台风", "440306", vacancy)


async def test_what_is_said_wrong_of_a_fair_or_a_booth_names_its_field(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    firm = await enter(client, OTHER)
    theirs = await offer(client, OTHER)
    yesterday = str(add_days(context.node.today(), -1))
    late = await client.post(FAIRS, json={"title": "专场", "venue": "体育馆", "day": yesterday})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/day")
    fair = await plan(context, client)
    refused = {
        "/vacancies/0": await put(client, fair, vacancies=[theirs]),
        "/employer_uscc": await put(client, fair, "N2433124MF00000135"),
        "/employer_name": await put(client, fair, city="430100"),
        "/day": await change(client, fair, day=yesterday),
    }
    for pointer, answer in refused.items():
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    await act(client, firm["id"], "blacklist", reason="拖欠工资", until=str(add_days(context.node.today(), 30)))
    assert (await put(client, fair, OTHER)).json()["type"] == "urn:xieli:problem:employer-blacklisted"
    gone = await client.post(f"{FAIRS}/{fair}/booths/remove", json={"employer_uscc": FIRM})
    assert gone.json()["type"] == "urn:xieli:problem:booth-not-found"
    stale = await client.patch(f"{FAIRS}/{fair}", json={"venue": "别处"}, headers={"If-Match": '"v9"'})
    assert (stale.status_code, (await client.patch(f"{FAIRS}/{fair}", json={"venue": "别处"})).status_code) == (
        412,
        428,
    )
    assert [each.booths for each in await told(context, FairAnnounced)] == [()]
    async with client_of(context, "employer", organisation=FIRM) as itself, client_of(context, "auditor") as auditor:
        assert (await itself.get(FAIRS)).status_code == (await auditor.post(FAIRS, json={})).status_code == 403
        assert (await auditor.get(f"{FAIRS}/{fair}")).status_code == 200


async def test_a_firm_of_another_citys_list_is_a_stranger_to_this_one(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    fair = await plan(context, client)
    (booth,) = (await client.post(f"{FAIRS}/{fair}/booths", json=GUEST)).json()["firms"]
    assert (booth["employer"], booth["city"], booth["posts"]) == (None, "430100", [])
    assert (await client.get(FIRMS, params={"q": FIRM})).json()["items"] == []
    removed = await client.post(f"{FAIRS}/{fair}/booths/remove", json={"employer_uscc": FIRM})
    assert removed.json()["firms"] == []


async def test_a_fair_is_held_when_its_day_is_over_and_one_never_opened_lapses(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    held, lapsed, ahead = [await plan(context, client, days=days) for days in (0, 0, 5)]
    for fair in (held, ahead):
        await put(client, fair)
        await client.post(f"{FAIRS}/{fair}/open")
    tomorrow = add_days(context.node.today(), 1)

    async def settle() -> int:
        async with context.database.transaction() as tx:
            return await settle_fairs(tx, tomorrow)

    assert sorted(await asyncio.gather(settle(), settle())) == [0, 2]
    shown = {each["id"]: each for each in (await client.get(FAIRS)).json()["items"]}
    assert (shown[held]["state"], shown[held]["closed_on"]) == ("held", str(context.node.today()))
    assert (shown[lapsed]["state"], shown[lapsed]["closed_because"]) == ("cancelled", NEVER_OPENED)
    assert shown[ahead]["state"] == "open"
    narrowed = (await client.get(FAIRS, params={"state": "open", "since": str(tomorrow)})).json()["items"]
    assert [each["id"] for each in narrowed] == [ahead]
    assert (await client.get(f"{FAIRS}.xlsx")).status_code == 200


async def test_booths_follow_a_firms_name_and_two_entries_of_one_firm_become_one(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    stays, _ = await enter(client), await enter(client, OTHER, name="深圳参宿食品厂")
    both, other = await plan(context, client), await plan(context, client)
    for fair, uscc in ((both, FIRM), (both, OTHER), (other, OTHER)):
        await put(client, fair, uscc)
    renamed = await change_firm(client, stays["id"], name="深圳参宿食品有限公司宝安分公司")
    assert renamed.status_code == 200, renamed.text
    assert (await told(context, FairAnnounced))[-1].booths[-1].employer_name == "深圳参宿食品有限公司宝安分公司"
    merged = await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号")
    assert merged.status_code == 200, merged.text
    for fair in (both, other):
        firms = (await client.get(f"{FAIRS}/{fair}")).json()["firms"]
        assert [(each["employer_uscc"], each["employer"]) for each in firms] == [(FIRM, stays["id"])]
    last = {each.fair: each for each in await told(context, FairAnnounced)}
    assert all([booth.employer_uscc for booth in each.booths] == [FIRM] for each in last.values())
