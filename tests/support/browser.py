"""A real browser before a served console: what is asked of a page waits until the page says it, or fails with what it says."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from libs.common.service import ServiceContext
from tests.support.console import app_of, password_of, served

# A form that is refused is an answer; the browser notes its status beside what is broken.
REFUSED = re.compile(r"responded with a status of (409|412|422) ")

# As long as the slowest machine needs for a page; who asks is answered as soon as it is there.
expect.set_options(timeout=30_000)


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
        own = await browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", color_scheme=scheme, java_script_enabled=script
        )  # type: ignore[arg-type]
        page = await own.new_page()
        page.on(
            "console",
            lambda message: (
                None if REFUSED.search(message.text) else complaints.append(f"{message.type}: {message.text}")
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((address, "data:")) else complaints.append(f"asked {asked.url}"),
        )
        yield page, address, complaints
        await browser.close()


async def follow(page: Page, press: str | Locator) -> None:
    """Press what leads to another page (or to the same one anew), and be there when it has been loaded."""
    pressed = page.locator(press) if isinstance(press, str) else press
    async with page.expect_navigation():
        await pressed.click()


async def enter(page: Page, address: str, context: ServiceContext, login: str = "officer") -> None:
    """Sign in as this account and arrive at the province's table."""
    await page.goto(f"{address}/province")
    await page.fill("input[name=login]", login)
    await page.fill("input[name=password]", password_of(context, login))
    await follow(page, "main button")
    await page.wait_for_selector("#province")
