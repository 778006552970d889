"""The console in a real browser: signing in, the province's page, a filter, both colour schemes, without a word on its console."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from deploy.local import web_files
from tests.support.browser import enter, follow, tab
from tests.support.console import PERSON, VACANCY, open_console, statements
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser


async def wide(page: Page, element: str, which: str = "scrollWidth") -> int:
    """How wide an element is, or what it holds."""
    return int(await page.evaluate(f"{element}.{which}"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_officer_signs_in_and_reads_the_provinces_table(nodes: Nodes, scheme: str) -> None:
    context = await open_console(nodes, "n433124")
    await context.inbox.receive(statements())
    async with tab(context, scheme=scheme) as (page, address, complaints):
        await enter(page, address, context)
        await page.wait_for_selector("html[data-ready='1']")
        total = page.locator("tr[data-division=total] data[data-figure=labourers]")
        await expect(total).to_have_text("605")
        await expect(page.locator("svg.chart rect")).to_have_count(8)
        for path in ("/people", "/supply", "/introductions", "/spells", "/runs"):
            await follow(page, f"nav a[href='{path}']")
            await expect(page.locator("table").first).to_be_visible()
        assert complaints == []


async def test_a_date_is_asked_for_as_soon_as_it_is_chosen(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        async with page.expect_navigation():
            await page.fill("input[name=as_of]", "2016-01-01")
        total = page.locator("tr[data-division=total] data[data-figure=labourers]")
        await expect(total).to_have_text("—")
        assert complaints == []


async def test_an_officer_follows_recommendations_both_ways_and_reads_why(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people/{PERSON}")
        await follow(page, f"a[href='/recommendations/people/{PERSON}']")
        row = page.locator(f"tr[data-recommended='{VACANCY}']")
        await expect(row).to_contain_text("工资 462 · 工种 240")
        await follow(page, row.locator("a"))
        await expect(page).to_have_url(f"{address}/recommendations/vacancies/{VACANCY}")
        await follow(page, "header a[lang=en]")
        row = page.locator(f"tr[data-recommended='{PERSON}']")
        await expect(row).to_contain_text("the last run needed 385 points")
        await page.fill("input[name=about]", PERSON)
        await follow(page, "form.filters button")
        await expect(page.locator("main")).to_contain_text("older than the vacancy allows")
        assert complaints == []


async def test_everything_works_without_a_script(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context, script=False) as (page, address, complaints):
        await enter(page, address, context)
        await page.fill("input[name=as_of]", "2017-12-31")
        await follow(page, "form.filters button")
        await expect(page).to_have_url(re.compile("as_of=2017-12-31"))
        await page.click("header .account summary")
        await follow(page, "header .account form button")
        await expect(page).to_have_url(re.compile("/sign-in$"))
        assert complaints == []


async def test_a_table_that_is_wide_does_not_push_the_page_on_a_phone(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context) as (page, address, _):
        await page.set_viewport_size({"width": 390, "height": 844})
        await enter(page, address, context)
        await expect(page.locator("#province")).to_be_visible()
        assert await wide(page, "document.documentElement") <= 390


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_list_of_vacancies_fits_on_a_small_screen(nodes: Nodes, language: str) -> None:
    context = await open_console(nodes)
    async with tab(context) as (page, address, _):
        await page.set_viewport_size({"width": 1280, "height": 800})
        await enter(page, address, context)
        await page.goto(f"{address}/vacancies?lang={language}")
        await expect(page.locator(".scroll")).to_be_visible()
        inner, outer = [
            await wide(page, "document.querySelector('.scroll')", which) for which in ("scrollWidth", "clientWidth")
        ]
        assert inner == outer


async def test_figures_over_time_are_a_table_and_lines_drawn_under_the_strict_policy(
    nodes: Nodes, tmp_path: Path
) -> None:
    context = await open_console(nodes)
    for day, more in ((date(2017, 5, 31), 0), (date(2017, 6, 30), 9)):
        await context.inbox.receive(statements(day, first=day.month, more=more))
    web_files.lay_out(tmp_path)
    context.settings = context.settings.model_copy(update={"console_web_files": tmp_path})
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/province/trend?as_of=2017-07-14")
        await expect(page.locator("canvas[data-drawn='1']")).to_be_visible()
        june = page.locator("#trend tbody tr", has=page.locator("th", has_text="2017-06-30"))
        await expect(june).to_contain_text("(+18)")
        assert complaints == []


async def test_a_list_is_swapped_alone_where_the_browser_has_htmx(nodes: Nodes, tmp_path: Path) -> None:
    context = await open_console(nodes, "n433124")
    web_files.lay_out(tmp_path)
    context.settings = context.settings.model_copy(update={"console_web_files": tmp_path})
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/vacancies")
        await page.wait_for_selector("html[data-ready='1']")
        await page.evaluate("document.querySelector('h1').dataset.stays = '1'")
        await page.select_option("select[name=state]", "vetted")
        await page.focus("form.filters button")
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("state=vetted"))
        await expect(page.locator("#list a[href='/vacancies']")).to_be_visible()
        await expect(page.locator("form.filters button")).to_be_focused()
        await page.click("#page-after")
        await expect(page.locator(".pager")).to_contain_text("第 51–53 条，共 53 条")
        await expect(page.locator("h1[data-stays='1']")).to_be_visible()
        await page.go_back()
        await expect(page.locator(".pager")).to_contain_text("第 1–3 条")
        assert complaints == []
