"""A morning in Huayuan in a real browser, in front of the real registry: find somebody, enter somebody new, put a phone right."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.integration.console.test_reveal_pages import open_with_two_officers
from tests.integration.registry.test_imports import a_number
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
async def test_somebody_newly_found_is_entered_number_first(nodes: Nodes, script: bool) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, script=script, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await follow(page, "nav a[href='/people']")
        await expect(page.locator("#total")).to_contain_text("3")
        await follow(page, page.locator("#people tbody a").first)
        await follow(page, "main a[href^='/households/']")
        await follow(page, "a[href^='/people/new?household=']")
        await page.fill("input[name=number]", "433124198001010013")
        await page.fill("input[name=name]", "石秀英")
        await page.select_option("select[name=kinship]", "配偶")
        await follow(page, "main form button")
        await expect(page.locator("#f-number-wrong")).to_be_visible()
        await expect(page.locator("input[name=name]")).to_have_value("石秀英")
        await page.fill("input[name=number]", a_number(order="902"))
        await follow(page, "main form button")
        await expect(page.locator("[role=status]")).to_contain_text("已登记")
        await expect(page.locator("h1")).to_contain_text("石")
        await expect(page.locator("#history")).to_contain_text("手工录入")
        found = page.locator("input[name=q]")
        await found.fill("石秀英")
        await follow(page, "form.find button")
        await expect(page.locator("#people tbody tr")).to_have_count(1)
        assert complaints == []


async def test_a_number_on_record_is_told_before_anything_else_is_filled_in(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people/enter")
        await page.fill("input[name=number]", "433124198001010013")
        await page.fill("input[name=named]", "龙老大")
        await page.fill("input[name=whose]", "430001")
        await follow(page, "main form button")
        await expect(page.locator("#number-wrong")).to_be_visible()
        await page.fill("input[name=number]", a_number(order="001"))
        await follow(page, "main form button")
        await follow(page, "main [role=alert] a")
        await expect(page).to_have_url(re.compile("/people/[0-9a-f-]{36}$"))
        await page.goto(f"{address}/people/enter")
        await page.fill("input[name=number]", a_number(order="903"))
        await page.fill("input[name=named]", "龙小四")
        await page.fill("input[name=whose]", "430001")
        await follow(page, "main form.form button")
        await expect(page.locator("#f-sex")).to_have_value("男")
        await page.select_option("select[name=kinship]", "之子")
        await follow(page, "main form button")
        await expect(page.locator("[role=status]")).to_contain_text("已登记")
        assert complaints == []


async def test_a_visit_is_one_press_when_nothing_changed_and_its_words_stand_in_the_history(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/today")
        await follow(page, page.locator(".queue a[href^='/people/']").first)
        await follow(page, "form[action$='/unchanged'] button")
        await expect(page.locator("[role=status]")).to_contain_text("没有变化")
        await follow(page, "a[href$='/visit']")
        await page.select_option("select[name=found]", "changed")
        await page.select_option("select[name='wish.willing']", "true")
        await page.fill("input[name='wish.destinations']", "深圳、浙江")
        await page.check("input[name='wish.needs'][value=lodging]")
        await follow(page, "main form button")
        await expect(page.locator("[role=status]")).to_contain_text("走访已记录")
        for word in ("意向地区 深圳市、浙江省", "要求 包住"):
            await expect(page.locator("#history")).to_contain_text(word, use_inner_text=True)
        assert complaints == []


async def test_two_officers_on_one_person_see_both_values_and_lose_nothing(nodes: Nodes) -> None:
    door, context = await open_with_two_officers(nodes)
    async with tab(context, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people")
        await follow(page, page.locator("#people tbody a").first)
        person = page.url
        other = await page.context.new_page()
        for each, ability in ((page, "技能劳动力"), (other, "弱劳动力或半劳动力")):
            await each.goto(f"{person}/correct")
            await each.select_option("select[name=ability]", ability)
        await follow(other, "main form button")
        await follow(page, "main form button")
        await expect(page.locator("select[name=ability]")).to_have_value("技能劳动力")
        await expect(page.locator(".now")).to_contain_text("弱劳动力或半劳动力")
        await follow(page, "main form button")
        await expect(page.locator("[role=status]")).to_contain_text("已更正")
        for ability in ("技能劳动力", "弱劳动力或半劳动力"):
            await expect(page.locator("#history")).to_contain_text(ability)
        assert complaints == []
