"""The console in a real browser: signing in, the province's page, a filter, both colour schemes, without a word on its console."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from libs.common.service import ServiceContext
from tests.support.console import PERSON, VACANCY, app_of, open_console, password_of, served, statements
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser


def chromium() -> str:
    """Where the browser is; without one this is a skip that says so, and under CI a failure."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        say("no chromium on PATH: `apt-get install chromium` to test the console in a real browser")
    return str(path)


@asynccontextmanager
async def tab(
    context: ServiceContext, *, scheme: str = "light", script: bool = True, app: Any = None
) -> AsyncIterator[tuple[Page, str, list[str]]]:
    """A browser at a served console: the page, its address, and every complaint of the browser."""
    complaints: list[str] = []
    async with served(app or app_of(context)) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        own = await browser.new_context(locale="zh-CN", color_scheme=scheme, java_script_enabled=script)  # type: ignore[arg-type]
        page = await own.new_page()
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((address, "data:")) else complaints.append(f"asked {asked.url}"),
        )
        yield page, address, complaints
        await browser.close()


async def enter(page: Page, address: str, context: ServiceContext, login: str = "officer") -> None:
    await page.goto(f"{address}/")
    await page.fill("input[name=login]", login)
    await page.fill("input[name=password]", password_of(context, login))
    await page.click("main button")
    await page.wait_for_selector("#province")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_officer_signs_in_and_reads_the_provinces_table(nodes: Nodes, scheme: str) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context, scheme=scheme) as (page, address, complaints):
        await enter(page, address, context)
        await page.wait_for_selector("html[data-ready='1']")
        total = page.locator("tr[data-division=total] data[data-figure=labourers]")
        assert await total.text_content() == "605"
        assert await page.locator("svg.chart rect").count() == 8
        for path in ("/people", "/vacancies", "/introductions", "/runs"):
            await page.click(f"nav a[href='{path}']")
            assert await page.locator("table").count() >= 1
        assert complaints == []


async def test_a_date_is_asked_for_as_soon_as_it_is_chosen(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        async with page.expect_navigation():
            await page.fill("input[name=as_of]", "2016-01-01")
        total = page.locator("tr[data-division=total] data[data-figure=labourers]")
        assert await total.text_content() == "—"
        assert complaints == []


async def test_an_officer_follows_recommendations_both_ways_and_reads_why(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with tab(context) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/people/{PERSON}")
        await page.click(f"a[href='/recommendations/people/{PERSON}']")
        row = page.locator(f"tr[data-recommended='{VACANCY}']")
        assert "工资 462 · 工种 240" in (await row.text_content() or "")
        await row.locator("a").click()
        assert page.url == f"{address}/recommendations/vacancies/{VACANCY}"
        await page.click("header a[lang=en]")
        row = page.locator(f"tr[data-recommended='{PERSON}']")
        assert "the last run needed 385 points" in (await row.text_content() or "")
        await page.fill("input[name=about]", PERSON)
        await page.click("form.filters button")
        assert "older than the vacancy allows" in (await page.content())
        assert complaints == []


async def test_everything_works_without_a_script(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context, script=False) as (page, address, complaints):
        await enter(page, address, context)
        await page.fill("input[name=as_of]", "2017-12-31")
        await page.click("form.filters button")
        assert "as_of=2017-12-31" in page.url
        await page.click("header form button")
        assert page.url.endswith("/sign-in")
        assert complaints == []


async def test_a_table_that_is_wide_does_not_push_the_page_on_a_phone(nodes: Nodes) -> None:
    context = await open_console(nodes)
    await context.inbox.receive(statements())
    async with tab(context) as (page, address, _):
        await page.set_viewport_size({"width": 390, "height": 844})
        await enter(page, address, context)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_list_of_vacancies_fits_on_a_small_screen(nodes: Nodes, language: str) -> None:
    context = await open_console(nodes)
    async with tab(context) as (page, address, _):
        await page.set_viewport_size({"width": 1280, "height": 800})
        await enter(page, address, context)
        await page.goto(f"{address}/vacancies?lang={language}")
        hidden = await page.evaluate(
            "(([box]) => box.scrollWidth - box.clientWidth)(document.querySelectorAll('.scroll'))"
        )
        assert hidden == 0
