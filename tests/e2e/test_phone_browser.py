"""A cadre's phone in a real browser, in front of the real register: without a network, killed while it sends, beside another phone, wiped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.local.accounts import lasting_accounts
from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from services.registry.app import SERVICE as REGISTRY
from tests.integration.registry.phones import HUAYUAN
from tests.integration.registry.test_corrections import LABOURERS
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_sync_pull import a_county
from tests.support.browser import chromium, follow
from tests.support.console import open_console, password_of, served
from tests.support.nodes import Nodes, client_of

pytestmark = pytest.mark.browser
NODE, CADRE, PIN = "n433124", "cadre-1", "739152"
PHONE_SIZE: Any = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}
# Everything that lies in the browser for this address, as one text; sealed bytes as the letters that they would be.
LIES_HERE = """async () => {
  const told = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  const letters = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? new TextDecoder().decode(value) : value instanceof CryptoKey ? `extractable ${value.extractable}` : value;
  for (const {name} of await indexedDB.databases()) {
    const open = indexedDB.open(name);
    const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
    for (const store of database.objectStoreNames) {
      const asked = database.transaction(store).objectStore(store).getAll();
      const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
      told.push(store, JSON.stringify(rows.map((row) => Object.entries(row).map(([key, value]) => [key, letters(value)]))));
    }
    database.close();
  }
  for (const name of await caches.keys())
    for (const kept of await (await caches.open(name)).keys()) told.push(kept.url);
  return told.join("\\n");
}"""


@dataclass
class Held:
    """The node's door; answers to what phones send may be held back after they were counted."""

    inside: ASGIApp
    holding: bool = False
    counted: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def late(message: Message) -> None:
            self.counted.set()
            await asyncio.Event().wait()

        sent = scope.get("method") == "POST" and scope.get("path") == "/registry/v1/sync"
        await self.inside(scope, receive, late if sent and self.holding else send)


@dataclass
class County:
    """A node with people in two townships, a cadre of one of them, and a browser for each phone."""

    register: ServiceContext
    console: ServiceContext
    door: Held
    address: str
    browser: Browser
    people: list[dict[str, Any]]

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[tuple[BrowserContext, Page]]:
        """Another phone, where the cadre has signed in and chosen a PIN."""
        phone = await self.browser.new_context(**PHONE_SIZE)
        page = await phone.new_page()
        await page.goto(f"{self.address}/m")
        await follow(page, "main a.button")
        await page.fill("input[name=login]", CADRE)
        await page.fill("input[name=password]", password_of(self.console, CADRE))
        await follow(page, "main button")
        for name in ("pin", "again"):
            await page.fill(f"input[name={name}]", PIN)
        await page.click("main form button")
        await expect(page.locator(".people li")).to_have_count(len(self.people))
        await ready(page)
        yield phone, page
        await phone.close()


@asynccontextmanager
async def open_county(nodes: Nodes) -> AsyncIterator[County]:
    path = nodes.root / NODE / "keys" / "accounts.json"
    register = await nodes.open(REGISTRY, NODE)
    lasting_accounts(path, NODE[1:])
    known = json.loads(path.read_text())
    if all(account["login"] != CADRE for account in known):
        officer = next(account for account in known if account["role"] == "officer")
        path.write_text(json.dumps([*known, {**officer, "login": CADRE, "role": "cadre", "regions": [HUAYUAN]}]))
    console = await open_console(nodes, NODE)
    async with client_of(register) as officer_client:
        people = (await a_county(officer_client, people=4))["花垣镇"]
    apps = {"registry": create_api(register), "console": create_api(console)}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    held = Held(door)
    async with served(held) as address, async_playwright() as playwright:  # type: ignore[arg-type]
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield County(register, console, held, address, browser, people)
        await browser.close()


async def ready(page: Page) -> None:
    """The app has begun, and its worker has the shell."""
    await page.wait_for_function("document.documentElement.dataset.ready && navigator.serviceWorker.controller")
    await expect(page.locator("#sync")).to_be_enabled()


async def unlock(page: Page, pin: str = PIN) -> None:
    await page.fill("input[name=pin]", pin)
    await page.click("main form button")


async def see(page: Page, person: str) -> None:
    await page.evaluate(f"location.hash = '#/person/{person}'")
    await expect(page.locator("#unchanged")).to_be_visible()


async def write(page: Page, where: str, **said: str) -> None:
    """Fill in a form and write it down; fields by their names, `__` for the dot."""
    await page.evaluate(f"location.hash = '#/{where}'")
    for name, value in said.items():
        field = page.locator(f"main [name='{name.replace('__', '.')}']").first
        chosen = await field.evaluate("(one) => one.tagName") == "SELECT"
        await (field.select_option(value) if chosen else field.fill(value))
    await page.click("main form .buttons button")


async def written(page: Page, waits: int) -> None:
    """So much waits, and the form is gone."""
    await expect(page.locator("#status")).to_contain_text(f"{waits} 待发送")
    await expect(page.locator("main form")).to_have_count(0)


async def test_a_week_without_a_network_is_written_down_kept_sealed_and_sent(nodes: Nodes) -> None:
    async with open_county(nodes) as county, county.phone() as (phone, page):
        one, two, three, _ = (row["id"] for row in county.people)
        today = str(county.register.node.today())
        manifest = await page.evaluate("fetch('/m/manifest.webmanifest').then((answer) => answer.json())")
        assert (manifest["scope"], manifest["display"]) == ("/m/", "standalone")
        await phone.set_offline(True)
        await see(page, one)
        await page.click("#unchanged")
        await expect(page.locator("#status")).to_contain_text("1 待发送")
        await write(page, f"visit/{two}", found="changed", wish__willing="true", wish__destinations="深圳、浙江")
        await written(page, 2)
        await write(page, f"depart/{three}", way="dead")
        await written(page, 3)
        place = {"household_no": "430077", "township": "花垣镇", "village": "老寨村"}
        facts = {"ability": "普通劳动力", "education": "初中", "ethnic_group": "苗族", "kinship": "户主"}
        await write(page, "enter", name="石秀英", number="433124198001010010", **place, **facts)
        await expect(page.locator("#wrong")).to_contain_text("校验位")
        number = a_number(order="902")
        await page.fill("input[name=number]", number)
        await page.check("input[name=health][value=健康]")
        await expect(page.locator("#number-says")).to_contain_text("1980-01-01")
        await page.click("main form .buttons button")
        await written(page, 4)
        lies = await page.evaluate(LIES_HERE)
        assert "extractable false" in lies
        for told in ("石秀英", number, "老寨村", "龙", "cadre-1", "440300", "no_change", "Bearer", "eyJ"):
            assert told not in lies, told
        await page.reload()
        await unlock(page)
        await expect(page.locator("#status")).to_contain_text("4 待发送")
        await expect(page.locator(".people")).to_contain_text(["石秀英"])
        await expect(page.locator("a.left")).to_have_count(1)
        await phone.set_offline(False)
        await expect(page.locator("#status")).to_contain_text("0 待发送，".removesuffix("，"))
        await expect(page.locator(".people li")).to_have_count(4)
        await expect(page.locator("a.left")).to_have_count(0)
        async with client_of(county.register) as officer:
            visits = [(await officer.get(f"{LABOURERS}/{each}/visits")).json()["items"] for each in (one, two)]
            gone = (await officer.get(f"{LABOURERS}/{three}")).json()
        assert [(each["found"], each["visited"], each["source"]) for (each,) in visits] == [
            ("no_change", today, "phone"),
            ("changed", today, "phone"),
        ]
        assert visits[1][0]["wish"]["destinations"] == ["440300", "33"]
        assert gone["left"]["way"] == "dead"
