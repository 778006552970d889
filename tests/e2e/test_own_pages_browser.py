"""A labourer at her phone, in front of the real services: the code, what is known of her, an offer, what is wrong, help; the officer's side."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.integration.console.own_pages import County, open_county
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser


async def fits(page: Page) -> bool:
    """Nothing stands beside a screen of 390 px."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


async def test_she_comes_in_answers_asks_and_the_county_decides(nodes: Nodes) -> None:
    county = await open_county(nodes)
    await county.offer()
    async with tab(county.console, app=county.door) as (page, address, complaints):
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.goto(f"{address}/my")
        await page.fill("input[name=code]", await county.code())
        await follow(page, "main form button")
        assert await fits(page)
        await follow(page, "#card form button")
        await expect(page.locator("#card")).to_contain_text("石秀英")
        await _answers(page)
        await _asks(page, address)
        assert await fits(page)
        await _decided(page, address, county)
        await _reads(page, address, county)
        assert complaints == []


async def _answers(page: Page) -> None:
    await follow(page, "#offers a")
    await follow(page, "form[action$='/agree'] button")
    await expect(page.locator("[role=status]")).to_contain_text("您同意去")


async def _asks(page: Page, address: str) -> None:
    await follow(page, "#card a[href='/my/phone']")
    await page.fill("input[name=phone]", "15400000009")
    await follow(page, "main form button")
    await expect(page.locator("[role=status]")).to_contain_text("电话已改好")
    await follow(page, "#card a[href='/my/correct']")
    await page.fill("input[name=name]", "石秀瑛")
    await page.fill("textarea[name=reason]", "名字写错了")
    await follow(page, "main form button")
    await expect(page.locator("#requests")).to_contain_text("等干部核对")
    await follow(page, "#help a.button")
    await page.select_option("select[name=category]", "wage_arrears")
    await page.fill("textarea[name=text]", "七月的工资没有发")
    await follow(page, "main form button")
    await expect(page.locator("#help")).to_contain_text("待答复")


async def _decided(page: Page, address: str, county: County) -> None:
    await page.click("header .account summary")
    await follow(page, ".who form button")
    await enter(page, address, county.console)
    await page.goto(f"{address}/today")
    await follow(page, ".queue a[href^='/conflicts/']")
    await expect(page.locator("#values")).not_to_contain_text("石秀瑛")
    await follow(page, "form[action$='/reveal'] button")
    await expect(page.locator("#values")).to_contain_text("石秀瑛")
    await page.click("details:has(#third) summary")
    await page.fill("#third input[name='facts.name']", "=石")
    await follow(page, "#third button")
    await expect(page.locator("#third .wrong")).to_be_visible()
    await page.fill("#third input[name='facts.name']", "石秀颖")
    await follow(page, "#third button")
    await expect(page.locator("[role=status]")).to_contain_text("已裁决")
    await page.goto(f"{address}/today")
    await follow(page, ".queue a[href^='/help/']")
    await expect(page.locator("main")).to_contain_text("七月的工资没有发")
    await follow(page, "a[href$='/answer']")
    await page.fill("textarea[name=answer]", "已联系企业")
    await follow(page, "main form button")
    await expect(page.locator("main")).to_contain_text("已答复")


async def _reads(page: Page, address: str, county: County) -> None:
    await page.click("header .account summary")
    await follow(page, ".who form button")
    await page.goto(f"{address}/my")
    await page.fill("input[name=code]", await county.code())
    await follow(page, "main form button")
    await expect(page.locator("#requests")).to_contain_text("已更正")
    await follow(page, "#help li a")
    await expect(page.locator("main")).to_contain_text("已联系企业")
    await follow(page, "form[action$='/close'] button")
    await expect(page.locator("#help")).to_contain_text("已办结")
    await follow(page, "main a[href='/my/accesses']")
    await expect(page.locator("#accesses")).to_contain_text("查看冲突双方")
