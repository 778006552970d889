"""Designations and kinds of posts over HTTP: promised beside counted, an end by itself, a licence that posts abroad hang on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from libs.common.calendar import add_days
from libs.common.database import new_id
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.matching import IntroductionHired, IntroductionReleased
from libs.common.service import ServiceContext
from services.jobs.app import SERVICE
from services.jobs.workers import settle_day
from tests.integration.jobs.test_employers import COLLECTIVE, FIRM, FIRMS, OTHER, act, change, enter, offer
from tests.integration.jobs.test_vacancies import change as change_vacancy
from tests.integration.jobs.test_vacancies import hear, told
from tests.support.nodes import Nodes, client_of

DESIGNATIONS = "/jobs/v1/designations"


@pytest.fixture
async def context(nodes: Nodes) -> ServiceContext:
    return await nodes.open(SERVICE, "n440300")


@pytest.fixture
async def client(context: ServiceContext) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(context) as opened:
        yield opened


async def designate(client: httpx.AsyncClient, uscc: str = FIRM, **more: Any) -> httpx.Response:
    days = {"since": "2017-05-01", "until": "2017-12-31"}
    body = {"employer_uscc": uscc, "kind": "designated", **days, "by": "深圳市人社局", "promised": 20, **more}
    return await client.post(DESIGNATIONS, json=body)


async def hire(context: ServiceContext, vacancy: str, on: date, sequence: int, *, came: bool = True) -> None:
    about = {"introduction": new_id(), "vacancy": vacancy, "county": "433124", "city": "440300", "on": on}
    await hear(context, IntroductionHired(**about, wage=4500), sequence)
    if not came:
        await hear(context, IntroductionReleased(**about, state="no_show", turn=9), sequence + 100)


async def test_intake_is_counted_on_the_days_of_a_designation_and_follows_a_merge(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    await enter(client)
    old = await enter(client, OTHER)
    made = (await designate(client, OTHER)).json()
    assert (made["promised"], made["counted"], made["running"]) == (20, 0, True)
    assert (await client.get(f"{FIRMS}/{old['id']}")).json()["designated"]
    vacancy = await offer(client, OTHER)
    for sequence, day in enumerate((date(2017, 4, 30), date(2017, 5, 1), date(2017, 12, 31), date(2018, 1, 1)), 1):
        await hire(context, vacancy, day, sequence)
    await hire(context, vacancy, date(2017, 6, 1), 5, came=False)
    assert (await client.get(f"{DESIGNATIONS}/{made['id']}")).json()["counted"] == 2
    twice = await designate(client, OTHER)
    assert (twice.status_code, twice.json()["known_as"]) == (409, f"{DESIGNATIONS}/{made['id']}")
    assert (await designate(client, FIRM, until="2017-04-30")).json()["errors"][0]["pointer"] == "/until"
    stays = (await client.get(FIRMS, params={"q": FIRM})).json()["items"][0]
    await act(client, stays["id"], "merge", goes=OTHER, reason="旧注册号")
    (listed,) = (await client.get(DESIGNATIONS, params={"employer": FIRM, "running": True})).json()["items"]
    assert (listed["id"], listed["counted"]) == (made["id"], 2)
    async with client_of(context, "employer", organisation=COLLECTIVE) as firm:
        assert (await firm.get(DESIGNATIONS)).json()["items"] == []
        assert (await firm.get(f"{DESIGNATIONS}/{made['id']}")).status_code == 404


async def test_a_designation_ends_by_an_officer_or_by_itself_once(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    firm = await enter(client)
    base = (await designate(client, kind="base")).json()
    other = (await designate(client)).json()
    ended = await client.post(f"{DESIGNATIONS}/{other['id']}/end", json={"reason": "未按承诺接收", "on": "2017-09-01"})
    assert (ended.json()["ended_on"], ended.json()["running"]) == ("2017-09-01", False)
    assert (await client.post(f"{DESIGNATIONS}/{other['id']}/end", json={"reason": "再来"})).status_code == 409
    await asyncio.gather(settle_day(context), settle_day(context))
    assert (await client.get(f"{DESIGNATIONS}/{base['id']}")).json()["ended_on"] == "2017-12-31"
    shown = (await client.get(f"{FIRMS}/{firm['id']}")).json()
    assert (shown["designated"], shown["base"]) == (False, False)
    history = (await client.get(f"{FIRMS}/{firm['id']}/history")).json()["items"]
    assert sorted(each["field"] for each in history) == ["base", "base", "designated", "designated", "entered"]


async def test_a_post_abroad_hangs_on_the_licence_of_its_firm(
    context: ServiceContext, client: httpx.AsyncClient
) -> None:
    firm = await enter(client)
    today = context.node.today()
    terms = {"kind": "abroad", "country": "JP", "age_min": 18, "age_max": 40, "healthy": True}
    papers = {"passport": "arranged", "training": "planned"}
    body = {"employer_uscc": FIRM, "title": "护理员", "openings": 3, "wage": 9000, **terms, **papers}
    refused = await client.post("/jobs/v1/vacancies", json=body)
    assert refused.json()["errors"][0]["pointer"] == "/employer_uscc"
    async with client_of(context, "employer", organisation=FIRM) as itself:
        assert (await change(itself, firm["id"], export_licence="自称有")).status_code == 403
    until = str(add_days(today, 30))
    await change(client, firm["id"], export_licence="LW440020170001", export_licence_until=until)
    made = await client.post("/jobs/v1/vacancies", json=body)
    assert (made.status_code, made.json()["country"]) == (201, "JP")
    (event,) = await told(context, VacancyAnnounced)
    assert (event.kind, event.country, event.openings_left) == ("abroad", "JP", 3)
    await change(client, firm["id"], export_licence_until=str(add_days(today, -1)))
    address = f"/jobs/v1/vacancies/{made.json()['id']}"
    assert (await client.get(address)).json()["paused"] == "unlicensed"
    await change(client, firm["id"], export_licence_until=until)
    assert (await client.get(address)).json()["paused"] is None
    assert [each.openings_left for each in await told(context, VacancyAnnounced)] == [3, 0, 3]


async def test_reserved_seats_are_changed_group_by_group(client: httpx.AsyncClient) -> None:
    await enter(client)
    vacancy = await offer(client, kind="reserved", reserved={"disabled": 1, "zero_employment": 1})
    changed = await change_vacancy(client, vacancy, reserved={"disabled": 2, "zero_employment": None})
    assert changed.json()["reserved"] == {"disabled": 2}
    none = await change_vacancy(client, vacancy, reserved={"disabled": None})
    assert none.json()["errors"][0]["pointer"] == "/reserved"
