"""The import wizard in a real browser, in front of the real register, with scripts and without: tried, put right, confirmed, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from deploy.local import web_files
from tests.integration.console.test_import_pages import FILE, NODE
from tests.integration.console.test_real_neighbours import open_node
from tests.integration.registry.test_imports import a_number
from tests.support.browser import enter, follow, tab
from tests.support.nodes import Nodes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
async def test_an_officer_tries_confirms_and_takes_back(
    nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    web_files.lay_out(tmp_path)
    monkeypatch.setenv("XIELI_CONSOLE_WEB_FILES", str(tmp_path))
    door, context = await open_node(nodes, NODE)
    file = tmp_path / "people.csv"
    file.write_bytes(FILE)
    async with tab(context, script=script, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await follow(page, "nav a[href='/imports']")
        await follow(page, "a[href='/imports/new']")
        await page.select_option("select[name=kind]", "people")
        await page.fill("input[name=as_of]", "2016-12-31")
        await page.set_input_files("input[type=file]", file)
        await page.click("form[enctype] > .buttons button")
        await expect(page.locator("main h2").first).to_have_text("people.csv")
        await expect(page.locator("a[download]").first).to_have_attribute(
            "href", page.url.removeprefix(address) + "/refused.xlsx"
        )
        await expect(page.locator("#refused td.refused .wrong")).to_have_text("证件号码校验位不对")
        await page.fill("#refused td.refused input", a_number("19800101", "773"))
        await follow(page, "#refused form > .buttons button")
        await expect(page.locator("main")).to_contain_text("改好的行已记下")
        await expect(page.locator("#refused")).to_have_count(0)
        await follow(page, "form[action$='/confirm'] button")
        await expect(page.locator("main")).to_contain_text("已导入")
        await page.click("details:has(form[action$='/undo']) summary")
        await follow(page, "form[action$='/undo'] button")
        await expect(page.locator("#undone")).to_contain_text("删去的人")
        await expect(page.locator("form[action$='/undo']")).to_have_count(0)
        assert complaints == []
