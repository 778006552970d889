"""The same day at the pages: signed in, found by name, one press for no change, the card on paper; in a real browser where one is found."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.demo.desk import account_of, browser_of, real_browser
from deploy.demo.story import Story

if TYPE_CHECKING:
    from playwright.async_api import Page

_PDF = b"%PDF-"


@dataclass(frozen=True)
class Seen:
    """What stood where an officer would look."""

    found: bool
    noted: bool
    paper: bool


async def play_pages(story: Story, node: str, person: str, name: str) -> None:
    """Find somebody, note that nothing changed, print her card."""
    browser = real_browser()
    story.tell(f"  at the pages: {browser or 'no browser on PATH, so over HTTP'}")
    seen = (
        await _in_browser(story, node, person, name, browser)
        if browser
        else await _over_http(story, node, person, name)
    )
    story.check("a day: at the pages she is found, visited and printed", seen == Seen(True, True, True), seen)


async def _in_browser(story: Story, node: str, person: str, name: str, path: str) -> Seen:
    place = story.places[node]
    async with _tab(path) as page:
        await page.goto(f"{place.url}/today")
        for field, value in account_of(place).items():
            await page.fill(f"input[name={field}]", value)
        await _press(page, "main button")
        await page.fill("input[name=q]", name)
        await _press(page, "form.find button")
        found = await page.locator(f"a[href='/people/{person}']").count() > 0
        await page.goto(f"{place.url}/people/{person}")
        await _press(page, "form[action$='/unchanged'] button")
        noted = await page.locator("[role=status]").count() > 0
        await page.goto(f"{place.url}/people/{person}/card")
        return Seen(found, noted, (await page.pdf(prefer_css_page_size=True)).startswith(_PDF))


async def _press(page: Page, button: str) -> None:
    async with page.expect_navigation():
        await page.locator(button).first.click()


@contextlib.asynccontextmanager
async def _tab(path: str) -> AsyncIterator[Page]:
    from playwright.async_api import async_playwright  # comes with the tests, not with a node

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield await (await browser.new_context(locale="zh-CN")).new_page()
        finally:
            await browser.close()


async def _over_http(story: Story, node: str, person: str, name: str) -> Seen:
    """The same addresses as the browser asks, by the same forms."""
    place = story.places[node]
    async with browser_of(place) as browser:
        await browser.post("/sign-in", data=account_of(place))
        found = await browser.post("/people/found", data={"q": name}, follow_redirects=True)
        noted = await browser.post(f"/people/{person}/unchanged")
        paper = await browser.get(f"/people/{person}/card")
    return Seen(person in found.text, noted.status_code == 303, paper.status_code == 200 and "<svg" in paper.text)
