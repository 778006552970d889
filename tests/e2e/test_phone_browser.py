"""A cadre's phone in a real browser, in front of the real register: without a network, killed while it sends, beside another phone, wiped."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.local.accounts import lasting_accounts
from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from libs.common.calendar import add_days
from libs.common.problems import halves
from libs.common.service import ServiceContext
from services.console.clients import Neighbours
from services.console.rendering.phone_shell import Shell, ShellFile
from services.console.routes import phone as phone_routes
from services.registry.app import SERVICE as REGISTRY
from services.registry.rules.numbers import read_id_number
from tests.integration.registry.phones import HUAYUAN
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_imports import a_number
from tests.integration.registry.test_sync_pull import a_county
from tests.support.browser import chromium, follow
from tests.support.console import open_console, password_of, served
from tests.support.nodes import Nodes, client_of
from tests.unit.console.test_problems_on_pages import KINDS

pytestmark = pytest.mark.browser
NODE, CADRE, PIN = "n433124", "cadre-1", "739152"
# A phone of the county: its clock is Beijing's, wherever the test runs.
PHONE_SIZE: Any = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
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
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def late(message: Message) -> None:
            self.counted.set()
            await self.released.wait()

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
        await sign_in(self, page)
        for name in ("pin", "again"):
            await page.fill(f"input[name={name}]", PIN)
        await page.click("main form button")
        await expect(page.locator(".people li")).to_have_count(len(self.people))
        await ready(page)
        yield phone, page
        await phone.close()

    def day(self) -> date:
        return self.register.node.today()


async def sign_in(county: County, page: Page) -> None:
    await page.fill("input[name=login]", CADRE)
    await page.fill("input[name=password]", password_of(county.console, CADRE))
    await follow(page, "main button")


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
    await page.wait_for_selector("html[data-ready]")
    await page.evaluate("navigator.serviceWorker.ready.then((kept) => kept.active.state)")
    await expect(page.locator("#sync")).to_be_enabled()


async def stored(page: Page) -> list[str]:
    """What lies in each store, as far as anything does."""
    return [line for line in (await page.evaluate(LIES_HERE)).split("\n") if line.startswith("[[")]


async def unlock(page: Page, pin: str = PIN) -> None:
    await page.fill("input[name=pin]", pin)
    await page.click("main form button")


async def see(page: Page, person: str) -> None:
    await page.evaluate(f"location.hash = '#/person/{person}'")
    await expect(page.locator("#unchanged")).to_be_visible()


async def write(page: Page, where: str, **said: str) -> None:
    """Fill in a form and write it down; fields by their names, `__` for the dot."""
    await page.evaluate(f"location.hash = '#/{where}'")
    await page.wait_for_selector("main form")
    await page.evaluate("document.querySelectorAll('main form details').forEach((one) => { one.open = true; })")
    for name, value in said.items():
        field = page.locator(f"main [name='{name.replace('__', '.')}']").first
        chosen = await field.evaluate("(one) => one.tagName") == "SELECT"
        await (field.select_option(value) if chosen else field.fill(value))
    await page.click("main form .buttons button")


async def waits(page: Page, told: str) -> None:
    await expect(page.locator("#status a")).to_have_text(told)


async def a_household_at_once(page: Page, row: dict[str, Any]) -> None:
    """Another one is found in a household, and then everybody there is visited by one form."""
    facts = {"name": "龙小妹", "number": a_number(order="904"), "kinship": "之女", "ability": "普通劳动力"}
    await write(page, f"enter/{row['household']}", **facts, education="初中", ethnic_group="苗族")
    await written(page, 5)
    await page.evaluate(f"location.hash = '#/person/{row['id']}'")
    await page.click("#home")
    await expect(page.locator("main form input:checked")).to_have_count(2)
    await page.click("main form .buttons button")
    await written(page, 7)
    await page.evaluate("location.hash = '#/'")


async def find_by_the_whole_name(phone: BrowserContext, page: Page) -> None:
    """The phone knows who may have the name; the register knows who has it."""
    people = page.locator(".people li")
    for name, may_be, found in (("龙老大", 4, 4), ("龙小二", 4, 0)):
        await page.fill("#words", name)
        await expect(people).to_have_count(may_be)
        await page.click("#by-name")
        await expect(page.locator("#by-name")).to_have_count(0)
        await expect(people).to_have_count(found)
    await phone.set_offline(True)
    await page.fill("#words", "龙老大")
    await page.click("#by-name")
    await expect(page.locator("#note")).to_contain_text("没有网络")
    await expect(people).to_have_count(4)
    await page.fill("#words", "")
    await phone.set_offline(False)


async def visited_and_due(page: Page, visited: int, due: int) -> None:
    """How many the list shows as seen this quarter, and how many not."""
    await page.evaluate("location.hash = '#/'")
    for told, many in (("已访", visited), ("本季未访", due)):
        await expect(page.locator(".tags .tag", has_text=re.compile(f"^{told}$"))).to_have_count(many)


async def written(page: Page, many: int) -> None:
    """So much waits, and the form is gone."""
    await waits(page, f"{many} 待发送")
    await expect(page.locator("main form")).to_have_count(0)


async def test_a_week_without_a_network_is_written_down_kept_sealed_and_sent(nodes: Nodes) -> None:
    async with open_county(nodes) as county, county.phone() as (phone, page):
        one, two, three, _ = (row["id"] for row in county.people)
        today = str(county.day())
        manifest = await page.evaluate("fetch('/m/manifest.webmanifest').then((answer) => answer.json())")
        assert (manifest["scope"], manifest["display"]) == ("/m/", "standalone")
        await find_by_the_whole_name(phone, page)
        await phone.set_offline(True)
        await see(page, one)
        await page.click("#unchanged")
        await waits(page, "1 待发送")
        await expect(page.locator("#unchanged")).to_be_disabled()
        await visited_and_due(page, 1, 3)
        await write(
            page,
            f"visit/{two}",
            found="changed",
            wish__willing="true",
            wish__destinations="深圳、浙江、花垣",
            wish__occupation="焊工",
        )
        await written(page, 2)
        await see(page, two)
        await expect(page.locator("main")).to_contain_text("深圳市、浙江省、花垣县")
        await write(page, f"depart/{three}", way="dead")
        await written(page, 3)
        place = {"household_no": "430077", "village": "老寨村"}
        facts = {"ability": "普通劳动力", "education": "初中", "ethnic_group": "苗族", "kinship": "户主"}
        await write(page, "enter", name="石秀英", number="433124198001010010", **place, **facts)
        await expect(page.locator("#wrong")).to_contain_text("校验位")
        number = a_number(order="902")
        await page.fill("input[name=number]", number)
        await page.check("input[name=health][value=健康]")
        await expect(page.locator("#number-says")).to_contain_text("1980-01-01")
        await page.click("main form .buttons button")
        await written(page, 4)
        await a_household_at_once(page, county.people[3])
        lies = await page.evaluate(LIES_HERE)
        assert "extractable false" in lies
        for told in ("石秀英", number, "老寨村", "龙", "cadre-1", "440300", "no_change", "Bearer", "eyJ"):
            assert told not in lies, told
        await page.reload()
        await unlock(page)
        await waits(page, "7 待发送")
        await expect(page.locator(".people")).to_contain_text(["石秀英"])
        await expect(page.locator("a.left")).to_have_count(1)
        await phone.set_offline(False)
        await waits(page, "0 待发送")
        await expect(page.locator("#note")).to_have_text("已发送 7 项。")
        await expect(page.locator(".people li")).to_have_count(5)
        await expect(page.locator("a.left")).to_have_count(0)
        await visited_and_due(page, 4, 1)
        async with client_of(county.register) as officer:
            visits = [(await officer.get(f"{LABOURERS}/{each}/visits")).json()["items"] for each in (one, two)]
            gone = (await officer.get(f"{LABOURERS}/{three}")).json()
        assert [(each["found"], each["visited"], each["source"]) for (each,) in visits] == [
            ("no_change", today, "phone"),
            ("changed", today, "phone"),
        ]
        assert visits[1][0]["wish"]["destinations"] == ["440300", "33", "433124"]
        assert visits[1][0]["wish"]["occupation"] == "焊工"
        assert gone["left"]["way"] == "dead"


async def test_killed_while_it_sends_it_counts_once_and_two_phones_on_one_person_lose_nothing(nodes: Nodes) -> None:
    async with open_county(nodes) as county, county.phone() as (phone, page), county.phone() as (other, second):
        one, two = (row["id"] for row in county.people[:2])
        county.door.holding = True
        await see(page, one)
        await page.click("#unchanged")
        await asyncio.wait_for(county.door.counted.wait(), 30)
        await phone.set_offline(True)
        await page.close()
        county.door.holding = False
        county.door.released.set()
        page = await phone.new_page()
        await page.goto(f"{county.address}/m/#/queue")
        await unlock(page)
        await expect(page.locator("main")).to_contain_text("可能已送达")
        await other.set_offline(True)
        for each, ability in ((page, "技能劳动力"), (second, "弱劳动力或半劳动力")):
            await write(each, f"correct/{two}", ability=ability)
            await expect(each.locator("main form")).to_have_count(0)
        await phone.set_offline(False)
        await waits(page, "0 待发送")
        await other.set_offline(False)
        await waits(second, "0 待发送，1 需决定")
        await expect(second.locator("#note")).to_contain_text("需要您决定")
        await second.evaluate("location.hash = '#/queue'")
        await second.click("a[href*='/conflict/']")
        await expect(second.locator("td.mine")).to_have_text("弱劳动力或半劳动力")
        await expect(second.locator("td.theirs")).to_have_text("技能劳动力")
        await second.click("#mine")
        await waits(second, "0 待发送")
        async with client_of(county.register) as officer:
            visits = (await officer.get(f"{LABOURERS}/{one}/visits")).json()["items"]
            told = {
                (each["before"], each["after"]) for each in await history(officer, two) if each["field"] == "ability"
            }
        assert len(visits) == 1
        assert told == {("普通劳动力", "技能劳动力"), ("技能劳动力", "弱劳动力或半劳动力")}
        await damaged_and_begun_anew(county, page, one)
        await a_newer_shell_waits_until_it_is_asked_in(page)


async def damaged_and_begun_anew(county: County, page: Page, one: str) -> None:
    """A page that does not match its checksum is not stored; 410 begins anew and keeps who is there and what waits."""

    async def damage(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace('"places":[', '"places":[],"was":['))

    async def refuse(route: Route) -> None:
        await route.fulfill(status=410, json={"type": "x", "title": "x"})

    pulled = re.compile(r"/registry/v1/sync\?")
    await page.route(pulled, damage, times=1)
    await page.click("#sync")
    await expect(page.locator("#note")).to_contain_text("校验不符")
    async with client_of(county.register) as officer:
        await officer.post(f"{LABOURERS}/{one}/departures", json={"way": "moved_out", "on": str(county.day())})
    await page.route(pulled, refuse, times=1)
    await page.click("#sync")
    await expect(page.locator("#note")).to_be_empty()
    await page.evaluate("location.hash = '#/'")
    await expect(page.locator(".people li")).to_have_count(len(county.people) - 1)


async def a_newer_shell_waits_until_it_is_asked_in(page: Page) -> None:
    newer = Shell({**phone_routes._shell().files, "newer.js": ShellFile(b"", "text/javascript")})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phone_routes, "_shell", lambda: newer)
        await page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
        await page.click("#update button")
        await expect(page.locator(f"script[src*='{newer.version}']")).to_have_count(1)
        await page.wait_for_selector("html[data-ready]")
        kept = await page.evaluate("caches.keys()")
    assert kept == [f"xieli-m-{newer.version}"]


async def many_at_once(page: Page, county: County, days: int) -> None:
    """Written as forms write, of everybody on each of so many days; what the line says meanwhile is kept."""
    await page.evaluate(
        """async ([people, days, today]) => {
          const near = (name) => import(document.querySelector("script[type=module]").src.replace("main.js", name));
          const [{addAll}, {app}] = [await near("queue.js"), await near("app.js")];
          window.said = new Set();
          const look = () => window.said.add(document.querySelector("#far")?.textContent.trim());
          new MutationObserver(look).observe(document.querySelector("#status"), {childList: true, subtree: true});
          const day = (back) => new Date(Date.parse(today) - back * 86_400_000).toISOString().slice(0, 10);
          const visit = (person, back) => ({kind: "visit", person, on: day(back), found: "no_change"});
          await addAll(app.copy, people.flatMap((one) => [...Array(days).keys()].map((back) => visit(one, back))));
          app.draw();
        }""",
        [[each["id"] for each in county.people], days, str(county.day())],
    )


async def a_long_queue_leaves_in_portions(county: County, phone: BrowserContext, page: Page) -> None:
    """Its screen stays quick, the line says how far it is, and every entry is counted once."""
    await phone.set_offline(True)
    await many_at_once(page, county, 60)
    await waits(page, "240 待发送")
    await page.evaluate("location.hash = '#/queue'")
    await expect(page.locator("main")).to_contain_text("只列出前 200 项，共 240 项")
    await phone.set_offline(False)
    await waits(page, "0 待发送")
    told = await page.evaluate("[...window.said]")
    assert [f"已发送 {done} / 240" for done in (50, 100, 150, 200)] == [each for each in told if each and "/" in each][
        :4
    ]
    async with client_of(county.register) as officer:
        address = f"{LABOURERS}/{county.people[0]['id']}/visits"
        visits = (await officer.get(address, params={"limit": "200"})).json()["items"]
    assert len([each for each in visits if each["source"] == "phone"]) == 60


async def test_a_wrong_clock_is_told_and_what_was_refused_is_put_right(nodes: Nodes) -> None:
    async with open_county(nodes) as county, county.phone() as (_, page):
        one, today = county.people[0]["id"], county.day()
        await page.clock.set_system_time(datetime.combine(add_days(today, -366), time(12), UTC))
        await see(page, one)
        await page.click("#unchanged")
        await expect(page.locator("#note")).to_contain_text(f"节点日期是 {today}")
        await waits(page, "1 待发送")
        await page.clock.set_system_time(datetime.now(UTC))
        await page.click("#sync")
        await waits(page, "0 待发送，1 未记入")
        await expect(page.locator("#note")).to_contain_text("1 项没有记入")
        await expect(page.locator("main")).to_contain_text("本季未访")
        await page.evaluate("location.hash = '#/queue'")
        await page.click("a[href*='/entry/']")
        await expect(page.locator("main [role=alert]")).to_contain_text("请先同步")
        await page.click("#edit")
        await page.fill("input[name=on]", str(today))
        await page.click("main form .buttons button")
        await waits(page, "0 待发送")
        async with client_of(county.register) as officer:
            (visit,) = (await officer.get(f"{LABOURERS}/{one}/visits")).json()["items"]
        assert (visit["visited"], visit["found"]) == (str(today), "no_change")
        await the_phone_judges_as_the_register_does(page)


async def the_phone_judges_as_the_register_does(page: Page) -> None:
    """Numbers, and the halves of what the services say."""
    numbers = [a_number(birth, "001") for birth in ("19800101", "19800230", "20991231", "18000101", "20000229")]
    numbers += [number[:-1] + ("0" if number[-1] != "0" else "1") for number in numbers]
    numbers += [numbers[0][:6] + numbers[0][8:17], numbers[0][:17], "x" * 18, ""]
    said = await page.evaluate(
        """async (numbers) => {
          const {read} = await import(document.querySelector("script[type=module]").src.replace("main.js", "number.js"));
          return numbers.map((each) => read(each, "2026-11-29").birth ?? null);
        }""",
        numbers,
    )
    known = [read_id_number(each).of_somebody_alive(date(2026, 11, 29)) for each in numbers]
    assert said == [str(each.birth) if each.birth else None for each in known]
    told = [kind.title for kind in KINDS if kind.title]
    halved = await page.evaluate(
        """async (told) => {
          const {half} = await import(document.querySelector("script[type=module]").src.replace("main.js", "say.js"));
          return told.map(half);
        }""",
        told,
    )
    assert halved == [halves(each)[0] for each in told]


async def another_pin(page: Page) -> None:
    """The old one is asked for and opens nothing any more; what lies on the phone is not written anew."""
    before = await stored(page)
    await page.evaluate("location.hash = '#/settings'")
    await page.click("#change-pin summary")
    for old, told in (("000000", "还可以试 9 次"), (PIN, "")):
        for name, pin in (("old", old), ("pin", "82x645"), ("again", "82x645")):
            await page.fill(f"#change-pin input[name={name}]", pin)
        await page.click("#change-pin button")
        await expect(page.locator("#change-pin [role=alert]")).to_contain_text(told)
    await expect(page.locator("#note")).to_contain_text("PIN 已换")
    assert (await stored(page))[1:] == before[1:]
    await page.reload()
    await unlock(page)
    await expect(page.locator("[role=alert]")).to_contain_text("还可以试 9 次")
    await unlock(page, "82x645")
    await ready(page)
    await page.reload()


async def test_wrong_pins_an_ended_session_and_a_closed_account(nodes: Nodes) -> None:
    async with open_county(nodes) as county, county.phone() as (phone, page), county.phone() as (_, second):
        one = county.people[0]["id"]
        await a_long_queue_leaves_in_portions(county, phone, page)
        await another_pin(page)
        for left in range(9, 0, -1):
            await unlock(page, f"000{left}00")
            await expect(page.locator("[role=alert]")).to_contain_text(f"还可以试 {left} 次")
            if left == 5:
                await page.reload()
        await unlock(page, "000000")
        await expect(page.locator("[role=alert]")).to_contain_text("本机资料已清除")
        left_over = await stored(page)
        assert left_over == []
        async with client_of(county.console, "operator") as operator:
            ended = await operator.delete(f"/console/v1/accounts/{CADRE}/sessions")
            assert ended.status_code == 204
            await see(second, one)
            await second.click("#unchanged")
            await expect(second.locator("#note")).to_contain_text("重新登录")
            await waits(second, "1 待发送")
            await follow(second, "#note a.button")
            await sign_in(county, second)
            await unlock(second)
            await waits(second, "0 待发送")
            await ready(second)
            closed = await operator.post(f"/console/v1/accounts/{CADRE}/close", json={"reason": "调离"})
            assert closed.status_code == 200
        await second.click("#sync")
        await expect(second.locator("[role=alert]")).to_contain_text("本机资料已清除")
        left_over = await stored(second)
        assert left_over == []
