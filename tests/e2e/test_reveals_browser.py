"""Names in a real browser, in front of the real registry: one with a purpose, many with a second officer, without a word on its console."""

from __future__ import annotations

import re

import pytest

from tests.e2e.test_console_browser import enter, tab
from tests.integration.console.test_reveal_pages import SECOND, open_with_two_officers
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser
NUMBER = re.compile(r"\b\d{17}[\dX]\b")


@pytest.mark.parametrize("script", [True, False])
async def test_an_officer_reveals_a_person_and_sees_that_it_is_on_record(nodes: Nodes, script: bool) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, script=script, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people")
        await page.locator("td a[href^='/people/']").first.click()
        person = page.url
        assert not NUMBER.search(await page.content())
        assert await page.locator("form[action$='/reveal']").is_hidden()
        await page.click("details.reveal summary")
        await page.click("form[action$='/reveal'] button")  # the browser itself asks for what is missing
        assert page.url == person
        await page.select_option("select[name=purpose]", "contact")
        await page.fill("input[name=reference]", "走访登记第 31 号")
        await page.click("form[action$='/reveal'] button")
        told = page.locator("#revealed tbody tr")
        assert await told.count() == 1
        assert NUMBER.search(await told.first.inner_text())
        await page.click("p.filters a")
        assert page.url == person
        assert not NUMBER.search(await page.content())
        seen = await page.locator("#accesses tbody tr").first.inner_text()
        assert all(word in seen for word in ("officer", "联系本人", "走访登记第 31 号"))
        assert complaints == []


async def test_two_officers_and_many_names(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.click("nav a[href='/reveals']")
        await page.select_option("select[name=purpose]", "inspection")
        await page.fill("input[name=reference]", "检查第 2 号")
        await page.fill("input[name=township]", "花垣镇")
        await page.click("form[action='/reveals'] button")
        await page.wait_for_url("**/reveals/*")
        here = page.url
        assert await page.locator("main form").count() == 0
        browser = page.context.browser
        assert browser is not None
        other = await (await browser.new_context(locale="zh-CN")).new_page()
        await enter(other, address, context, SECOND)
        await other.goto(here)
        await other.click("form[action$='/approve'] button")
        await page.reload()
        await page.click("form[action$='/collect'] button")
        assert await page.locator("#revealed tbody tr").count() > 1
        assert NUMBER.search(await page.locator("#revealed").inner_text())
        await page.goto(here)
        assert await page.locator("main form").count() == 0
        assert complaints == []
