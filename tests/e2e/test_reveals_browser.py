"""Names in a real browser, in front of the real registry: one with a purpose, many with a second officer, without a word on its console."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.integration.console.test_reveal_pages import SECOND, open_with_two_officers
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"\d{17}[\dX]")


@pytest.mark.parametrize("script", [True, False])
async def test_an_officer_reveals_a_person_and_sees_that_it_is_on_record(nodes: Nodes, script: bool) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, script=script, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people")
        await follow(page, page.locator("td a[href^='/people/']").first)
        person = page.url
        await expect(page.locator("body")).not_to_contain_text(NUMBER)
        await expect(page.locator("form[action$='/reveal']")).to_be_hidden()
        await page.click("details.reveal summary")
        await page.click("form[action$='/reveal'] button")  # the browser itself asks for what is missing
        await expect(page).to_have_url(person)
        await page.select_option("select[name=purpose]", "contact")
        await page.fill("input[name=reference]", "走访登记第 31 号")
        await follow(page, "form[action$='/reveal'] button")
        told = page.locator("#revealed tbody tr")
        await expect(told).to_have_count(1)
        await expect(told.first).to_contain_text(NUMBER)
        await follow(page, "p.filters a")
        await expect(page).to_have_url(person)
        await expect(page.locator("body")).not_to_contain_text(NUMBER)
        for word in ("officer", "联系本人", "走访登记第 31 号"):
            await expect(page.locator("#accesses tbody tr").first).to_contain_text(word)
        assert complaints == []


async def test_two_officers_and_many_names(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await follow(page, "nav a[href='/reveals']")
        await page.select_option("select[name=purpose]", "inspection")
        await page.fill("input[name=reference]", "检查第 2 号")
        await page.fill("input[name=township]", "花垣镇")
        await follow(page, "form[action='/reveals'] button")
        here = page.url
        await expect(page.locator("main form")).to_have_count(0)
        browser = page.context.browser
        assert browser is not None
        other = await (await browser.new_context(locale="zh-CN")).new_page()
        await enter(other, address, context, SECOND)
        await other.goto(here)
        await follow(other, "form[action$='/approve'] button")
        await page.reload()
        await follow(page, "form[action$='/collect'] button")
        await expect(page.locator("#revealed tbody tr").nth(1)).to_be_visible()
        await expect(page.locator("#revealed")).to_contain_text(NUMBER)
        await page.goto(here)
        await expect(page.locator("main form")).to_have_count(0)
        assert complaints == []
