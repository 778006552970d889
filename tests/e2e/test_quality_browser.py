"""A county's data put right in a real browser: from the share of a township to a village's list, into the form at its field, and accepted."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.async_api import expect

from deploy.local.single_process_node import FrontDoor
from libs.common.api.application import create_api
from services.console.clients import Neighbours
from services.registry.app import SERVICE
from tests.integration.registry.files import a_file, send_bytes
from tests.integration.registry.test_quality import judge, of_huayuan
from tests.support.browser import enter, follow, tab
from tests.support.console import open_console
from tests.support.nodes import Nodes, client_of

pytestmark = pytest.mark.browser


async def test_an_officer_puts_right_what_is_wrong_and_accepts_what_is_so(nodes: Nodes) -> None:
    registry, console = await nodes.open(SERVICE, "n433124"), await open_console(nodes, "n433124")
    rows = [of_huayuan(1, "龙老大", "430001", 劳动技能="", 民族="苗族"), of_huayuan(3, "吴老二", "430002", 民族="苗族")]
    async with client_of(registry) as client:
        (await send_bytes(client, a_file(*rows), "a.csv")).raise_for_status()
    await judge(registry)
    apps = {"registry": create_api(registry), "console": create_api(console)}
    door = FrontDoor(apps, otherwise="console")
    apps["console"].state.neighbours = Neighbours("http://node", 30, httpx.ASGITransport(door))
    async with tab(console, script=False, app=door) as (page, address, complaints):
        await enter(page, address, console)
        await follow(page, "nav a[href='/quality']")
        await expect(page.locator("#places meter")).to_have_count(1)
        await follow(page, "#places tbody a")
        await follow(page, "#places tbody a")
        findings = page.locator("#list tbody tr")
        await expect(findings.filter(has_text="劳动技能为空")).to_have_count(1)
        await findings.filter(has_text="劳动技能为空").locator("a.button").click()
        await expect(page.locator("[id='f-ability']")).to_be_visible()
        await expect(page).to_have_url(re.compile("/correct#f-ability$"))
        await page.select_option("[id='f-ability']", "普通劳动力")
        await follow(page, "form.form button")
        await judge(registry)
        await page.goto(f"{address}/quality/findings")
        await expect(findings.filter(has_text="劳动技能为空")).to_have_count(0)
        await expect(findings.filter(has_text="一个电话登记在几户")).to_have_count(2)
        await follow(page, "#list tbody tr:has-text('一个电话登记在几户') a[href$='/accept'] >> nth=0")
        await page.fill("textarea[name=reason]", "村干部代留")
        await follow(page, "form.form button")
        await expect(findings.filter(has_text="一个电话登记在几户")).to_have_count(1)
        await page.goto(f"{address}/quality/findings?state=accepted")
        await expect(findings.first).to_contain_text("村干部代留")
        assert complaints == []
