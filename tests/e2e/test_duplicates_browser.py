"""One person on two records, in a real browser: found, looked at side by side, merged fact by fact, and two again, with scripts and without."""

from __future__ import annotations

import httpx
import pytest
from playwright.async_api import expect

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from services.console.clients import Neighbours
from services.registry.app import SERVICE as REGISTRY
from tests.integration.registry.files import a_file, a_row, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.browser import enter, follow, tab
from tests.support.console import open_console
from tests.support.nodes import Nodes, client_of

pytestmark = pytest.mark.browser
NODE, BORN = "n433124", "19820615"


async def test_two_records_are_merged_and_are_two_again_without_a_script(nodes: Nodes) -> None:
    registry, context = await nodes.open(REGISTRY, NODE), await open_console(nodes, NODE)
    rows = [
        a_row(a_number(BORN, "771"), "吴秀龙", 户编号="430901"),
        a_row(a_number(BORN, "773"), "吳秀龍", 户编号="430902", 文化程度="高中"),
    ]
    async with client_of(registry) as client:
        (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    apps = {"registry": create_api(registry), "console": create_api(context)}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    async with tab(context, script=False, app=door) as (page, address, complaints):
        await enter(page, address, context)
        await page.goto(f"{address}/today")
        await follow(page, "nav a[href='/duplicates']")
        await page.fill("input[name=township]", "花垣镇")
        await follow(page, "form.filters button")
        row = page.locator("tbody tr", has_text="吴**")
        await expect(row).to_contain_text("姓名和出生日期相同")
        await follow(page, row.locator("a"))
        pair = page.url
        await expect(page.locator("#same tr", has_text="学历")).to_contain_text("不同")
        await follow(page, "#reveal button")
        for name in ("吴秀龙", "吳秀龍"):
            await expect(page.locator("#same")).to_contain_text(name)
        going = await page.locator("thead a").nth(1).get_attribute("href")
        await page.locator("#same tr", has_text="学历").locator("input").nth(1).check()
        await follow(page, "#same button")
        await expect(page.locator("#merge")).to_contain_text("学历")
        await page.goto(f"{address}{going}")
        await expect(page.locator("body")).to_contain_text("高中")
        await expect(page).not_to_have_url(f"{address}{going}")
        await page.goto(pair)
        await page.fill("#undo input[name=reason]", "实为两人")
        await follow(page, "#undo button")
        await expect(page.locator("#merge")).to_contain_text("已撤销")
        await page.goto(f"{address}{going}")
        await expect(page).to_have_url(f"{address}{going}")
        await follow(page, f"main a[href='{going}/same']")
        await page.fill("#whom", "吴秀龙")
        await follow(page, "main form button")
        await follow(page, "#others button")
        await expect(page).to_have_url(pair)
        assert complaints == []
