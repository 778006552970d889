"""A round in a real browser before the real registry: the officer opens it, gives a village away and signs; the cadre presses on a phone."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, expect

from deploy.local.accounts import lasting_accounts
from libs.common.calendar import quarter_of
from libs.common.service import ServiceContext
from services.registry.app import SERVICE as REGISTRY
from services.registry.workers import draw_up
from tests.integration.console.test_reveal_pages import NODE, open_with_two_officers
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def _a_cadre_of_huayuan(nodes: Nodes) -> None:
    path = nodes.root / NODE / "keys" / "accounts.json"
    lasting_accounts(path, NODE[1:])
    accounts = json.loads(path.read_text())
    cadre = {**next(each for each in accounts if each["role"] == "officer"), "login": "shi", "role": "cadre"}
    path.write_text(json.dumps([*accounts, {**cadre, "regions": [f"{NODE[1:]}:花垣镇"]}]))


def _registry_of(nodes: Nodes) -> ServiceContext:
    return next(each for each in nodes._offices if each.service is REGISTRY)


async def _open_this(page: Page, period: str) -> None:
    await follow(page, page.locator("a[href='/rounds/new']").first)
    await page.select_option("select[name=kind]", "quarter")
    await page.fill("input[name=period]", period)
    await follow(page, "main form button")
    await expect(page.locator("h1")).to_contain_text(period)


async def test_a_round_is_opened_given_away_pressed_on_a_phone_and_signed(nodes: Nodes) -> None:
    _a_cadre_of_huayuan(nodes)
    door, context = await open_with_two_officers(nodes)
    period = quarter_of(context.node.today())
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await follow(page, "nav a[href='/rounds']")
        await _open_this(page, period)
        await page.click("#withdraw summary")
        await page.fill("#withdraw input", "名单日期选错")
        await follow(page, "#withdraw button")
        await expect(page.locator("[role=status]").first).to_contain_text("轮次已撤销")
        await _open_this(page, period)
        await draw_up(_registry_of(nodes))
        await page.reload()
        one = page.url
        await expect(page.locator("#progress summary")).to_have_count(2)
        await page.check("input[name=township][value='花垣镇']")
        await page.check("input[name=cadre][value=shi]")
        await follow(page, "#assign button")
        await expect(page.locator("#cadres tbody")).to_contain_text("shi")
        await follow(page, page.locator("form[action$='/sign'] button").first)
        await expect(page.locator("main [role=alert]")).to_contain_text("未走访")
        assert complaints == []
    async with tab(context, app=door) as (page, address, complaints):
        await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        await enter(page, address, context, "shi")
        await page.goto(f"{address}/today")
        await expect(page.locator(".queue").filter(has_text="本轮待走访").locator("li")).to_have_count(2)
        await page.goto(
            f"{address}{one.partition('/rounds/')[1]}{one.partition('/rounds/')[2]}/people?state=open&mine=true"
        )
        await expect(page.locator("#people tbody tr")).to_have_count(2)
        await follow(page, page.locator("form[action$='/unchanged'] button").first)
        await expect(page.locator("[role=status]").first).to_contain_text("无变化")
        await expect(page.locator("#people tbody tr")).to_have_count(1)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
        await page.goto(f"{address}/rounds/{one.rpartition('/')[2]}")
        await page.locator("select[name=rest]").first.select_option("away")
        await follow(page, page.locator("form[action$='/sign'] button").first)
        await expect(page.locator("#signatures")).to_contain_text("shi")
        await expect(page.locator("#progress")).to_contain_text("已签收：shi")
        assert complaints == []
