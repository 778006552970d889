"""A fair's desk on a cadre's phone in a real browser: what is signed in a hall without a network is sent once, and has its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from typing import Any

import pytest
from playwright.async_api import Page, Route, async_playwright, expect

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.database import new_id
from libs.common.events.jobs import BoothAnnounced, FairAnnounced
from libs.common.service import ServiceContext
from services.matching.app import SERVICE as MATCHING
from tests.e2e.test_phone_browser import County, Held, open_county, see, waits
from tests.integration.registry.test_corrections import LABOURERS
from tests.support.browser import chromium
from tests.support.console import served
from tests.support.nodes import Nodes, carry, client_of
from tests.support.telling import a_vacancy, tell

pytestmark = pytest.mark.browser
SIGNINGS = "**/signings"


@asynccontextmanager
async def open_fair(nodes: Nodes) -> AsyncIterator[tuple[County, ServiceContext, str]]:
    """The county with its matching behind the same door, and a fair of the city that is today; answers the one post there."""
    async with open_county(nodes) as county:
        matching, post = await nodes.open(MATCHING, "n433124"), a_vacancy()
        async with client_of(county.register) as officer:
            wish = {"on": str(county.day()), "found": "changed", "wish": {"willing": True, "destinations": ["440300"]}}
            said = await officer.post(f"{LABOURERS}/{county.people[0]['id']}/visits", json=wish)
        assert said.status_code == 201, said.text
        await carry(county.register, matching)
        booth = BoothAnnounced(employer_uscc=post.employer_uscc or "", employer_name=post.employer_name, city=post.city)
        facts = {"city": "440300", "title": "湘粤专场", "place": "440300", "venue": "宝安体育馆", "state": "open"}
        fair = FairAnnounced(**facts, fair=new_id(), day=county.day(), booths=(booth,), on=county.day())
        await tell(matching, post, fair, node="n440300", service="jobs")
        apps = {"registry": create_api(county.register), "matching": create_api(matching)}
        door = Held(FrontDoor({**apps, "console": county.door.inside}, otherwise="console"))
        async with served(door) as address, async_playwright() as playwright:  # type: ignore[arg-type]
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            yield (
                County(county.register, county.console, door, address, browser, county.people),
                matching,
                str(post.vacancy),
            )
            await browser.close()


async def sign(page: Page, person: str) -> None:
    """By the button on the person's page: the only post that stands there, with the yes."""
    await see(page, person)
    await page.click(f"#sign[href='#/sign/{person}']")
    await page.check("input[name=consent]")
    await page.click("main form .buttons button")
    # Written down, the phone goes back to the person.
    await expect(page.locator(f"#sign[href='#/sign/{person}']")).to_be_visible()


async def listed(matching: ServiceContext) -> list[dict[str, Any]]:
    async with client_of(matching) as officer:
        return list((await officer.get("/matching/v1/introductions")).json()["items"])


async def test_what_is_signed_without_a_network_is_sent_once_and_refused_with_its_reason(nodes: Nodes) -> None:
    async with open_fair(nodes) as (county, matching, post), county.phone() as (phone, page):
        one, unwilling = county.people[0]["id"], county.people[1]["id"]
        # The browser of a test may stand in another zone than the county.
        await page.clock.set_system_time(datetime.combine(county.day(), time(12), UTC))
        await phone.set_offline(True)
        for person in (one, unwilling):
            await sign(page, person)
        await waits(page, "2 待发送")
        nothing = await listed(matching)
        assert nothing == []
        await phone.set_offline(False)
        # What was sent and not heard of is sent again.
        await page.route(SIGNINGS, lose)
        await page.click("#sync")
        await expect(page.locator("#sync")).to_be_enabled()
        await page.unroute(SIGNINGS)
        await page.click("#sync")
        await waits(page, "0 待发送，1 未记入")
        signed = await listed(matching)
        assert [(each["state"], each["vacancy"], each["person"]) for each in signed] == [("agreed", post, one)]
        await page.evaluate("location.hash = '#/queue'")
        await page.click("a[href*='/entry/']")
        await expect(page.locator("main [role=alert]")).to_contain_text("不在求职清单")
        await expect(page.locator("#edit")).to_have_count(0)
        await page.evaluate("window.confirm = () => true")
        await page.click("#withdraw")
        await waits(page, "0 待发送")


async def lose(route: Route) -> None:
    """The node counts it, and the answer is lost on the way."""
    await route.fetch()
    await route.abort()
